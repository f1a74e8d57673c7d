import { operations } from '@posthorn/contracts'
import { config } from 'zod'
import type { FilterName } from './check-filter.ts'

// The policy of the page forbids code made of text, which zod would otherwise try.
config({ jitless: true })

interface Checkable {
  safeDecode(text: string): { success: boolean; error?: { issues: { message: string }[] } }
}

export function check([noun, field]: FilterName, text: string): string | undefined {
  // Safe because the type of the name takes it from these shapes.
  const schema = operations[noun].list.input.shape[field as never] as Checkable
  const checked = schema.safeDecode(text)
  return checked.success ? undefined : (checked.error?.issues[0]?.message ?? 'This does not fit.')
}
