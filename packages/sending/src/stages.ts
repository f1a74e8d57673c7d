/** How far an SMTP conversation went: what was being waited for, or `body` while the message was being written. */
export type Stage = 'connect' | 'greeting' | 'hello' | 'auth' | 'mail' | 'rcpt' | 'data' | 'body' | 'final'

/** `unknown`: the message was written to its end, and nobody can say whether it was taken. */
export type Outcome = 'accepted' | 'deferred' | 'rejected' | 'unknown'

/** `connection`: the trouble lies with the relay, the way to it or our settings; the mail is not charged for it. */
export type Scope = 'message' | 'connection'
