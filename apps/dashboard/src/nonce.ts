import { setNonce } from 'get-nonce'

/** What the policy of the page lets style elements through by; empty under the development server, which has no policy. */
export const styleNonce: string = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.nonce ?? ''

// Dialogs hold the page still with a style element of their own.
setNonce(styleNonce)
