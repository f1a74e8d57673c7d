import { Button, Group, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useLayoutEffect } from 'react'
import { useOutage } from '../api/outage.ts'
import classes from './outage-banner.module.css'

const AGAIN_MS = 5_000

/** Says that the server cannot be worked with, and tries again by itself and on request. */
export function OutageBanner() {
  const isDown = useOutage()
  const queryClient = useQueryClient()
  const router = useRouter()
  const again = () => {
    void queryClient.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' })
    if (router.state.matches.some(({ status }) => status === 'error')) void router.invalidate()
  }
  useEffect(() => {
    if (!isDown) return
    const timer = setInterval(again, AGAIN_MS)
    return () => clearInterval(timer)
  })
  const { ref, height } = useElementSize()
  useLayoutEffect(() => {
    // What is as high as the window leaves it room, or the end of the sidebar would be out of sight.
    document.documentElement.style.setProperty('--posthorn-banner', `${isDown ? height : 0}px`)
  }, [isDown, height])
  return (
    <div role="status" className={classes.place}>
      {isDown && (
        <Group ref={ref} className={classes.banner} justify="center" gap="sm">
          <IconPlugConnectedX size={18} aria-hidden />
          <Text size="sm">Posthorn cannot be reached at the moment. Nothing that was accepted is lost.</Text>
          <Button size="compact-sm" variant="default" onClick={again}>
            Try now
          </Button>
        </Group>
      )}
    </div>
  )
}
