import { v7 } from 'uuid'

/** A new id. UUIDv7 (RFC 9562): time comes first, so that new rows stand together in every index. */
export const newId = (): string => v7()
