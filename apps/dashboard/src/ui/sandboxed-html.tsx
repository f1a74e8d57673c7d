import { Button, Group, Text } from '@mantine/core'
import { IconLink, IconPhoto, IconShieldLock } from '@tabler/icons-react'
import { useMemo, useState, type CSSProperties } from 'react'
import { styleNonce } from '../nonce.ts'
import { useChosenHeight } from './chosen-height.ts'
import { sandboxed } from './sandbox.ts'
import classes from './sandboxed-html.module.css'

interface SandboxedHtmlProps {
  html: string
  /** What it shows, for screen readers. */
  title: string
  /** In CSS pixels, before it is scaled. */
  width: number
  /** Below 1 where there is less room than that. */
  scale: number
}

/**
 * Shows HTML that somebody else wrote, without letting it do anything. How high it is nobody outside the frame can know:
 * it would take a script of ours beside it, or the origin of this page, and then one slip in what is taken out of it
 * would be enough to do harm. So the box has a height of its own, which can be changed by hand and is kept; what is
 * surely shorter, for being nothing but some text, has a shorter box.
 */
export function SandboxedHtml({ html, title, width, scale }: SandboxedHtmlProps) {
  const [allowed, setAllowed] = useState({ images: false, links: false })
  const shown = useMemo(() => sandboxed(html, allowed, styleNonce), [html, allowed])
  const { ref, chosen } = useChosenHeight()
  const canAskForImages = shown.hasRemoteImages && !allowed.images
  const canAskForLinks = shown.hasLinks && !allowed.links
  return (
    <div className={classes.frame}>
      {(canAskForImages || canAskForLinks) && (
        <Group className={classes.bar} gap="xs" justify="space-between">
          <Group gap={6} wrap="nowrap">
            <IconShieldLock size={16} aria-hidden />
            <Text size="sm">{words(canAskForImages, canAskForLinks)}</Text>
          </Group>
          <Group gap="xs">
            {canAskForImages && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconPhoto size={14} aria-hidden />}
                onClick={() => setAllowed((before) => ({ ...before, images: true }))}
              >
                Load images
              </Button>
            )}
            {canAskForLinks && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconLink size={14} aria-hidden />}
                onClick={() => setAllowed((before) => ({ ...before, links: true }))}
              >
                Make links work
              </Button>
            )}
          </Group>
        </Group>
      )}
      <div ref={ref} className={classes.box} style={heightsOf(shown.height, chosen)} data-resizable>
        <div className={classes.sheet}>
          <iframe
            // A frame keeps the sandbox that it was made with.
            key={allowed.links ? 'links' : 'inert'}
            title={title}
            className={classes.html}
            sandbox={allowed.links ? 'allow-popups allow-popups-to-escape-sandbox' : ''}
            referrerPolicy="no-referrer"
            srcDoc={shown.srcdoc}
            style={{ width, height: `${100 / scale}%`, transform: `scale(${scale}) translateX(-50%)` }}
          />
        </div>
      </div>
    </div>
  )
}

/** As variables, since the height itself is what the browser sets while the corner is pulled at. */
function heightsOf(estimate: number | undefined, chosen: number | undefined): CSSProperties {
  const heights = {
    ...(estimate !== undefined && { '--estimate': `${estimate}px` }),
    ...(chosen !== undefined && { '--chosen': `${chosen}px` }),
  }
  return heights as CSSProperties // Safe because React sets variables like any other style.
}

function words(images: boolean, links: boolean): string {
  if (images && links) return 'Remote images are not loaded, and links do nothing.'
  return images ? 'Remote images are not loaded.' : 'Links do nothing.'
}
