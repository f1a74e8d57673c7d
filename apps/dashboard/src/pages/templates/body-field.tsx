import { Alert, Button, Group, Input, SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { Suspense, useMemo, useState } from 'react'
import { loadCode, loadedLater } from '../../api/page-code.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { mistakeIn } from './mistake.ts'
import { readDesign } from './visual/design.ts'
import type { Designed } from './visual/designed.ts'

const CodeEditor = loadedLater(() => import('./code-editor.tsx'))
const VisualEditor = loadedLater(() => import('./visual/visual-editor.tsx'))

interface BodyFieldProps {
  /** The design is empty where the body was written by hand. */
  initial: Designed
  onChange(body: Designed): void
  /** The names of the values that the template declares at this moment. */
  declared(): string[]
  error: string | undefined
  readOnly: boolean
}

const HINTS = {
  code: 'HTML or MJML, with Liquid in it: {{ firstName }} stands for what is known of the recipient.',
  visual: 'Made of blocks. What it becomes is MJML, and HTML for all mail programs when it is saved.',
}

/** What a mail says: as one sees it, or as it is written. */
export function BodyField({ initial, onChange, declared, error, readOnly }: BodyFieldProps) {
  const [written, setWritten] = useState(initial)
  const [mode, setMode] = useState<keyof typeof HINTS>(readDesign(initial.design) === undefined ? 'code' : 'visual')
  const [asked, setAsked] = useState<'visual' | 'code'>()
  const mistake = useMemo(() => (error === undefined ? undefined : mistakeIn(error)), [error])
  const design = readDesign(written.design)
  const change = (next: Designed) => {
    setWritten(next)
    onChange(next)
  }
  const isMade = written.design !== ''
  return (
    <Input.Wrapper
      label="Body"
      labelElement="div"
      description={HINTS[mode]}
      error={error}
      inputWrapperOrder={['label', 'description', 'error', 'input']}
    >
      <Stack gap="xs" mt={4}>
        <SegmentedControl
          aria-label="How the body is written"
          style={{ alignSelf: 'flex-start' }}
          value={mode}
          onChange={(next) => {
            if (next === 'visual' && design === undefined) setAsked('visual')
            else setMode(next)
          }}
          disabled={readOnly && design === undefined}
          data={[
            { value: 'visual', label: 'Visual' },
            { value: 'code', label: 'Code' },
          ]}
        />
        {mode === 'code' && isMade && !readOnly && (
          <Alert color="blue" variant="outline">
            <Group justify="space-between" gap="xs">
              This is what the visual editor made. It can be looked at here, and changed there.
              <Button size="compact-sm" variant="default" onClick={() => setAsked('code')}>
                Change the code by hand
              </Button>
            </Group>
          </Alert>
        )}
        <Suspense fallback={<Skeleton h="20rem" />}>
          {mode === 'visual' && design !== undefined ? (
            <VisualEditor
              label="Body"
              initial={design.document}
              onChange={change}
              declared={declared}
              isWrong={error !== undefined}
              readOnly={readOnly}
            />
          ) : (
            <CodeEditor
              key={isMade ? 'made' : 'written'}
              label="Body"
              initial={written.body}
              onChange={(body) => change({ body, design: '' })}
              mistake={mistake}
              isWrong={error !== undefined}
              readOnly={readOnly || isMade}
            />
          )}
        </Suspense>
      </Stack>
      <ConfirmDialog
        opened={asked === 'visual'}
        onClose={() => setAsked(undefined)}
        title="Begin a visual design?"
        confirm="Begin design"
        isDangerous={false}
        onConfirm={async () => {
          const { firstDesign } = await loadCode(() => import('./first-design.ts'))
          change(firstDesign(written.body))
          setMode('visual')
        }}
      >
        The visual editor works on blocks of its own, and cannot read what was written by hand: HTML becomes one block
        as it is, and a whole document or MJML is replaced. What was saved before is still under Versions.
      </ConfirmDialog>
      <ConfirmDialog
        opened={asked === 'code'}
        onClose={() => setAsked(undefined)}
        title="Give up the visual design?"
        confirm="Change by hand"
        onConfirm={() => {
          change({ ...written, design: '' })
          return Promise.resolve()
        }}
      >
        What is changed by hand cannot be opened in the visual editor again: the design is dropped when you save, and
        the code stays. Versions that were published keep theirs.
      </ConfirmDialog>
    </Input.Wrapper>
  )
}
