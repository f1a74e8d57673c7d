import { ADDRESS_HEADER } from './transport.ts'

const USER_AGENT_LENGTH = 500

/** From where a request comes, as it is kept of an act. */
export const whenceOf = (headers: Headers | undefined) => ({
  ip: headers?.get(ADDRESS_HEADER) ?? undefined,
  userAgent: headers?.get('user-agent')?.slice(0, USER_AGENT_LENGTH),
})
