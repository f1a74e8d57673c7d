/** What was looked at, how it is, and what to do about it where it is not well. */
export interface HealthCheck {
  name: string
  status: 'ok' | 'warning' | 'wrong'
  message: string
  advice?: string
}
