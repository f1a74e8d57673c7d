import type { JsonValue } from '@posthorn/contracts'

/** Facts in one line: `plan: pro, seats: 3`. */
export function dataInBrief(data: Record<string, JsonValue>): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
