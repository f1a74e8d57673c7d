import type { WireOutput } from '@posthorn/contracts'
import { StatusBadge } from '../../ui/status-badge.tsx'

export type Template = WireOutput<'templates', 'get'>

const TYPE_WORDS: Record<Template['type'], string> = {
  TRANSACTIONAL: 'Transactional',
  MARKETING: 'Marketing',
  HEADLESS: 'Headless',
}

export const TYPE_OPTIONS = Object.entries(TYPE_WORDS).map(([value, label]) => ({
  value: value as Template['type'], // Safe because the entries are those of the record.
  label,
}))

export const typeWord = (type: Template['type']) => TYPE_WORDS[type]

export const TYPE_HINT =
  'Transactional mail reaches everyone; marketing and headless mail reaches subscribed contacts only. Headless brings its own footer.'

/** Whether anybody is sent it, and whether something newer waits. */
export function TemplateState({ template }: { template: Pick<Template, 'publishedVersion' | 'draftVersion'> }) {
  if (template.publishedVersion === null) return <StatusBadge tone="neutral">Draft</StatusBadge>
  if (template.draftVersion === null) return <StatusBadge tone="good">Published</StatusBadge>
  return <StatusBadge tone="waiting">Newer draft</StatusBadge>
}
