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

/** The first password of an account that has none. */
export const setPassword = (body: { newPassword: string }) =>
  auth.$fetch<{ status: boolean }>('/set-password', { method: 'POST', body })

/** What changes the second factor takes the password of who has one. */
interface MaybePassword {
  password?: string | undefined
}

/** Begins with a second factor, which counts once a first code was right. */
export const enableSecondFactor = (body: MaybePassword) =>
  auth.$fetch<{ totpURI: string; backupCodes: string[] }>('/two-factor/enable', { method: 'POST', body })

export const disableSecondFactor = (body: MaybePassword) =>
  auth.$fetch<{ status: boolean }>('/two-factor/disable', { method: 'POST', body })

export const newRecoveryCodes = (body: MaybePassword) =>
  auth.$fetch<{ backupCodes: string[] }>('/two-factor/generate-backup-codes', { method: 'POST', body })

export interface Passkey {
  id: string
  name?: string | null
  createdAt: string
  deviceType: string
}

export const listPasskeys = () => auth.$fetch<Passkey[]>('/passkey/list-user-passkeys', { method: 'GET' })
