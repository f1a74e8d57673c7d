import { useRouter } from '@tanstack/react-router'
import { queryClient } from '../api/trpc.ts'

/** Goes on as somebody who has just signed in: nothing that was known before counts. */
export function useEntry(): (back?: string) => Promise<void> {
  const router = useRouter()
  return async (back = '/') => {
    queryClient.clear()
    await router.invalidate()
    router.history.push(back)
  }
}
