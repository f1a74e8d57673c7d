// Before the first paint, or a dark desktop would flash white. A file of its own, since the policy allows no inline script.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('posthorn-color-scheme')
  } catch {
    // Storage can be forbidden; then the system decides.
  }
  const isDark = matchMedia('(prefers-color-scheme: dark)').matches
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : isDark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
