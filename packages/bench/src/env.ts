const inherited = ['PATH', 'HOME', 'USER', 'LANG', 'TMPDIR', 'SystemRoot', 'APPDATA']

/** What started programs inherit. Settings of a Posthorn on this machine stay out of the bench. */
export const inheritedEnvironment = Object.fromEntries(
  inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
)
