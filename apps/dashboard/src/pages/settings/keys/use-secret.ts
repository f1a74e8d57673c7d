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
  const [shown, setShown] = useState<string>()
  const [isCopied, setCopied] = useState(false)
  // Kept nowhere but here.
  const reveal = useMutation(trpc.keys.reveal.mutationOptions({ gcTime: 0 }))
  useEffect(() => {
    if (shown === undefined) return
    const timer = setTimeout(() => setShown(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [shown])
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), COPIED_MS)
    return () => clearTimeout(timer)
  }, [isCopied])

  const get = async (): Promise<string | undefined> => {
    if (shown !== undefined) return shown
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
    isCopied,
    isLoading: reveal.isPending,
    async toggle() {
      setShown(shown === undefined ? await get() : undefined)
    },
    /** What goes to the clipboard can be a text with the key in it. */
    async copy(textOf = (key: string) => key) {
      const key = await get()
      if (key === undefined) return
      if (await copyText(textOf(key))) return setCopied(true)
      setShown(key)
      notifications.show({
        message: 'This browser does not let the page copy here. The key is shown: copy it by hand.',
      })
    },
  }
}
