import { queryClient } from '../api/trpc.ts'
import { mayLoseTyped } from '../forms/unsaved.ts'

/**
 * Signs out, unless somebody would rather keep what they typed. The page is loaded anew, so that nothing of the session
 * stays in its memory.
 */
export async function leave(to = '/sign-in'): Promise<void> {
  if (!(await mayLoseTyped())) return
  const { auth } = await import('./client.ts')
  await auth.signOut().catch(() => undefined)
  queryClient.clear()
  location.assign(to)
  // An address that differs in its fragment alone would not be loaded anew.
  if (location.pathname === to.split('#')[0]) location.reload()
}
