import { SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { SandboxedHtml } from './sandboxed-html.tsx'

const PHONE_PX = 375

/** A mail's HTML, as wide as on a desktop or as narrow as on a phone. */
export function MailPreview({ html, subject }: { html: string; subject: string }) {
  const [width, setWidth] = useState('desktop')
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Width of the preview"
        value={width}
        onChange={setWidth}
        data={[
          { value: 'desktop', label: 'Desktop' },
          { value: 'phone', label: 'Phone' },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      <SandboxedHtml html={html} title={`Preview of “${subject}”`} {...(width === 'phone' && { width: PHONE_PX })} />
    </Stack>
  )
}
