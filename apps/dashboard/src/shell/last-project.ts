const NAME = 'posthorn-project'

/** The project that was worked on last in this browser. */
export function lastProject(): string | undefined {
  try {
    return localStorage.getItem(NAME) ?? undefined
  } catch {
    // Storage can be forbidden; then one starts with the first project.
    return undefined
  }
}

export function rememberProject(projectId: string): void {
  try {
    localStorage.setItem(NAME, projectId)
  } catch {
    // As above.
  }
}
