/** What a command refuses by itself. The message is one sentence that says what to do. */
export class CommandError extends Error {
  readonly code: string
  readonly exitCode: number

  constructor(code: string, message: string, { exitCode = 1 }: { exitCode?: number } = {}) {
    super(message)
    this.code = code
    this.exitCode = exitCode
  }
}

export const usageError = (message: string) => new CommandError('USAGE', message, { exitCode: 2 })

export interface Failure {
  code: string
  message: string
  exitCode: number
}
