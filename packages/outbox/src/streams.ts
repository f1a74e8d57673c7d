/** Kinds of mail that wait in lines of their own, so that none delays another. The lowest number goes first. */
export const STREAMS = { transactional: 0, workflow: 1, campaign: 2 } as const
export type Stream = (typeof STREAMS)[keyof typeof STREAMS]

/** A claimed email is its worker's for this long, on the database's clock; the worker renews it while it works. */
export const LEASE_SECONDS = 60

/**
 * A mail that could not be delivered for this long after it was first due has failed, unless the worker is told
 * otherwise. RFC 5321, section 4.5.4.1, asks for some days.
 */
export const LIFE_SECONDS = 3 * 24 * 3600

/** The channel on which a commit that queued mail wakes the workers. */
export const WAKE_CHANNEL = 'posthorn_outbox'
