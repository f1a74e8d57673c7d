import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { problemOf } from '../../../api/problem.ts'
import { useProject } from '../../../shell/project-scope.ts'
import { copyText } from './copy-text.ts'

/** A secret does not stay on a screen that nobody looks at any more. */
const SHOWN_MS = 60_000
const COPIED_MS = 2_000

/** Shows and copies a secret key. Each is an act that the server writes down, so neither happens before it is asked for. */
export function useSecret(id: string) {
  const { trpc } = useProject()
  // Each with the id it is of: the key of a card is another one once it was regenerated.
  const [held, setHeld] = useState<{ id: string; key: string }>()
  const [copiedId, setCopiedId] = useState<string>()
  const shown = held?.id === id ? held.key : undefined
  // Kept nowhere but here.
  const reveal = useMutation(trpc.keys.reveal.mutationOptions({ gcTime: 0 }))
  useEffect(() => {
    if (held === undefined) return
    const timer = setTimeout(() => setHeld(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held])
  useEffect(() => {
    if (copiedId === undefined) return
    const timer = setTimeout(() => setCopiedId(undefined), COPIED_MS)
    return () => clearTimeout(timer)
  }, [copiedId])

  /** Asks the server each time, also for a key that is on the screen: to copy it is an act of its own. */
  const get = async (): Promise<string | undefined> => {
    if (reveal.isPending) return undefined
    try {
      return (await reveal.mutateAsync({ id })).key
    } catch (error) {
      notifications.show({ color: 'red', title: 'The key was not shown', message: problemOf(error).message })
      return undefined
    } finally {
      reveal.reset()
    }
  }

  return {
    shown,
    isCopied: copiedId === id,
    isLoading: reveal.isPending,
    async toggle() {
      if (shown !== undefined) return setHeld(undefined)
      const key = await get()
      if (key !== undefined) setHeld({ id, key })
    },
    /** What goes to the clipboard can be a text with the key in it. */
    async copy(textOf = (key: string) => key) {
      const key = await get()
      if (key === undefined) return
      if (await copyText(textOf(key))) return setCopiedId(id)
      setHeld({ id, key })
      notifications.show({
        message: 'This browser does not let the page copy here. The key is shown: copy it by hand.',
      })
    },
  }
}
