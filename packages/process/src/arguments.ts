/** A program that is told what to do by its settings. */
export interface Program {
  /** What an operator types to start it. */
  command: string
  summary: string
  version: string
}

export interface Answered {
  exitCode: 0 | 2
  stdout?: string
  stderr?: string
}

/**
 * What a program without arguments says to those that it was given all the same. Undefined where there are none: then
 * it is to start. Kept apart from all else, so that the answer does not wait for what only a start needs.
 */
export function answerArguments(args: string[], program: Program): Answered | undefined {
  // Package managers hand on the one that ends their own options.
  const words = args.filter((word) => word !== '--')
  const isHelp = (word: string) => word === '--help' || word === '-h'
  const unknown = words.find((word) => !isHelp(word) && word !== '--version')
  if (unknown !== undefined) return refuse(unknown, program)
  if (words.some(isHelp)) return { exitCode: 0, stdout: help(program) }
  if (words.length > 0) return { exitCode: 0, stdout: `${program.version}\n` }
  return undefined
}

/** Answers in the process that was given the arguments. False where there is nothing to answer, and it is to start. */
export function hasAnswered(program: Program): boolean {
  const answered = answerArguments(process.argv.slice(2), program)
  if (answered === undefined) return false
  process.stdout.write(answered.stdout ?? '')
  process.stderr.write(answered.stderr ?? '')
  process.exitCode = answered.exitCode
  return true
}

function refuse(word: string, { command }: Program): Answered {
  // What follows a sign of equality may be a password that was meant for a setting.
  const [name] = word.split('=')
  return {
    exitCode: 2,
    stderr: `“${command}” takes no “${name}”: settings are environment variables (--help says more).\n`,
  }
}

const help = ({ command, summary }: Program) => `Usage: ${command}

${summary}

Options:
  --version   print the version
  -h, --help  print this

Settings are environment variables, as in LOG_LEVEL=warn ${command}
docs/configuration.md lists them.
`
