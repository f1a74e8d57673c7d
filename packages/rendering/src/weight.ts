import { Drop } from 'liquidjs'
import { SafeHtml } from './escape.ts'

/** What each item of a list or an object weighs beside its text: about what it costs to go by it. */
const ITEM = 10

/**
 * How long a value is as text, roughly, and how much there is to go through. What was weighed is kept, since a list can
 * hold another a thousand times, and that one the next.
 */
export function weightOf(value: unknown, known: WeakMap<object, number>): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 1
  if (value instanceof SafeHtml) return value.html.length
  if (value instanceof Drop || value instanceof Date) return ITEM
  const before = known.get(value)
  if (before !== undefined) return before
  let weight = ITEM
  if (Array.isArray(value)) for (const item of value) weight += ITEM + weightOf(item, known)
  else for (const [key, item] of Object.entries(value)) weight += ITEM + key.length + weightOf(item, known)
  known.set(value, weight)
  return weight
}
