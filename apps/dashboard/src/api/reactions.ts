/** What the app does when a call is refused for a reason that no single page can mend. */
export interface Reactions {
  /** The session is over. */
  signInNeeded(): void
  /** Asks who sits there to prove it; false when they would rather not. */
  proofNeeded(): Promise<boolean>
  /** One is no longer a member of this project, or it is gone. */
  projectNotFound(projectId: string): void
  /** Whether the server can be worked with at the moment. */
  outage(isDown: boolean): void
}

let current: Reactions = {
  signInNeeded() {},
  proofNeeded: () => Promise.resolve(false),
  projectNotFound() {},
  outage() {},
}

/** Set once at start, by the one that knows the router. */
export function reactWith(reactions: Reactions): void {
  current = reactions
}

export const reactions = (): Reactions => current
