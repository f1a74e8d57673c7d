import { Input, Skeleton } from '@mantine/core'
import { Suspense, useMemo } from 'react'
import { loadedLater } from '../../api/page-code.ts'
import { mistakeIn } from './mistake.ts'

const CodeEditor = loadedLater(() => import('./code-editor.tsx'))

interface BodyFieldProps {
  initial: string
  onChange(text: string): void
  error: string | undefined
  readOnly: boolean
}

/** The HTML or MJML of a template. */
export function BodyField({ initial, onChange, error, readOnly }: BodyFieldProps) {
  const mistake = useMemo(() => (error === undefined ? undefined : mistakeIn(error)), [error])
  return (
    <Input.Wrapper
      label="Body"
      labelElement="div"
      description="HTML or MJML, with Liquid in it: {{ firstName }} stands for what is known of the recipient."
      error={error}
      inputWrapperOrder={['label', 'description', 'error', 'input']}
    >
      <Suspense fallback={<Skeleton h="20rem" />}>
        <CodeEditor
          label="Body"
          initial={initial}
          onChange={onChange}
          mistake={mistake}
          isWrong={error !== undefined}
          readOnly={readOnly}
        />
      </Suspense>
    </Input.Wrapper>
  )
}
