import { auth } from './client.ts'

/** What accounts have beside the library's own routes. */

/** Shows once more who sits there: by the password, and by the second factor of who has one. */
export const prove = (body: { password: string; code?: string | undefined }) =>
  auth.$fetch<{ status: boolean }>('/prove', { method: 'POST', body })

/** Makes an account; at once with the token of a link, else after the address has been confirmed. */
export const signUp = (body: { name: string; email: string; password: string; token?: string | undefined }) =>
  auth.$fetch<{ token: string | null }>('/sign-up/email', { method: 'POST', body })

/** Asks the new address whether it agrees. */
export const changeAddress = (body: { newEmail: string; password?: string | undefined }) =>
  auth.$fetch<{ status: boolean }>('/change-address', { method: 'POST', body })

/** Follows a link to an address; for a new account with the password that was chosen for it. */
export const confirmAddress = (body: { token: string; password?: string | undefined }) =>
  auth.$fetch<{ signedIn: boolean }>('/confirm-address', { method: 'POST', body })

export interface Passkey {
  id: string
  name?: string | null
  createdAt: string
  deviceType: string
}

export const listPasskeys = () => auth.$fetch<Passkey[]>('/passkey/list-user-passkeys', { method: 'GET' })
