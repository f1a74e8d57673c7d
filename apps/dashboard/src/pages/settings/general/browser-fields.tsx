import { TagsInput } from '@mantine/core'
import { LIMITS } from '@posthorn/contracts'
import type { ReactNode } from 'react'

interface BrowserFieldsProps {
  value?: string[]
  error?: ReactNode
  onChange?(value: string[]): void
}

/** The fields of contacts that a public key may overwrite. */
export default function BrowserFields(input: BrowserFieldsProps) {
  return (
    <TagsInput
      label="Fields that browsers may overwrite"
      description="Anybody can read a public key off a page, so with one of them events only fill what a contact lacks. What a page has to keep up to date is named here, each followed by Enter."
      maxTags={LIMITS.browserFields}
      clearable
      clearButtonProps={{ 'aria-label': 'Clear fields' }}
      acceptValueOnBlur
      {...input}
    />
  )
}
