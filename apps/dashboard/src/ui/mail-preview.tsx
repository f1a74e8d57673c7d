import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core'
import { useDisclosure, useElementSize } from '@mantine/hooks'
import { IconArrowsMaximize } from '@tabler/icons-react'
import { useState } from 'react'
import { SandboxedHtml } from './sandboxed-html.tsx'
import classes from './mail-preview.module.css'

/** How wide a mail is at least on a desktop, and how wide it is on a phone. */
const WIDTHS = { desktop: 800, phone: 375 }
type Device = keyof typeof WIDTHS

interface MailPreviewProps {
  html: string
  subject: string
}

/** A mail's HTML, as wide as on a desktop or as narrow as on a phone, whatever it is looked at on. */
export function MailPreview(props: MailPreviewProps) {
  const [device, setDevice] = useState<Device>('desktop')
  const [isWhole, whole] = useDisclosure()
  const title = `Preview of “${props.subject}”`
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <DeviceChoice value={device} onChange={setDevice} />
        <Button variant="default" leftSection={<IconArrowsMaximize size={16} aria-hidden />} onClick={whole.open}>
          Whole window
        </Button>
      </Group>
      <Preview html={props.html} title={title} device={device} />
      <Modal
        opened={isWhole}
        onClose={whole.close}
        fullScreen
        title={props.subject}
        classNames={{ content: classes.window, body: classes.body }}
      >
        <DeviceChoice value={device} onChange={setDevice} />
        <Preview html={props.html} title={title} device={device} isWhole />
      </Modal>
    </Stack>
  )
}

function DeviceChoice({ value, onChange }: { value: Device; onChange(device: Device): void }) {
  return (
    <SegmentedControl
      aria-label="Width of the preview"
      value={value}
      onChange={onChange}
      data={[
        { value: 'desktop', label: 'Desktop' },
        { value: 'phone', label: 'Phone' },
      ]}
      style={{ alignSelf: 'flex-start' }}
    />
  )
}

interface PreviewProps {
  html: string
  title: string
  device: Device
  /** Takes all the height that there is. */
  isWhole?: boolean
}

function Preview({ html, title, device, isWhole = false }: PreviewProps) {
  const { ref, width: room } = useElementSize()
  const width = device === 'phone' ? WIDTHS.phone : Math.max(WIDTHS.desktop, room)
  const scale = room > 0 && room < width ? room / width : 1
  return (
    <div ref={ref} className={classes.preview} data-whole={isWhole}>
      {scale < 1 && (
        <Text size="sm" c="dimmed" mb="xs">
          As on a {device} {width} pixels wide, shown at {Math.round(scale * 100)} %.
        </Text>
      )}
      <SandboxedHtml html={html} title={title} width={width} scale={scale} />
    </div>
  )
}
