import { queryOptions } from '@tanstack/react-query'
import { answered } from './answer.ts'
import { listPasskeys } from './routes.ts'

/** One's own passkeys. */
export const passkeys = queryOptions({ queryKey: ['passkeys'], queryFn: () => answered(listPasskeys), staleTime: 0 })

/** Browsers have them over a secure connection alone. */
export const arePasskeysPossible = (): boolean => 'PublicKeyCredential' in globalThis
