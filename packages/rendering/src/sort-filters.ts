import { toValue } from 'liquidjs'
import { plainText } from './escape.ts'
import type { FilterThis, Handler } from './handlers.ts'

/** Liquid's filters, in which what is compared is made once for each item and not once for each comparison. */
export const sortFilters: Record<string, Handler> = {
  sort: sortedBy((key) => key),
  sort_natural: sortedBy((key) => plainText(key).toLowerCase()),
}

function sortedBy(keyOf: (value: unknown) => unknown): Handler {
  return function* (this: FilterThis, value, path?: unknown): Generator<unknown, unknown[]> {
    const { context } = this
    const list = listOf(value)
    context.memoryLimit.use(list.length)
    const keyed: { item: unknown; key: unknown }[] = []
    for (const item of list) {
      const found =
        typeof path === 'string' && path !== '' ? yield context._getFromScope(item, path.split('.'), false) : item
      const plain = toValue(found) as unknown // Its type says nothing.
      const isNone = plain === undefined || plain === null
      keyed.push({ item, key: isNone ? undefined : keyOf(typeof plain === 'object' ? plainText(plain) : plain) })
    }
    return keyed.toSorted((one, other) => order(one.key, other.key)).map(({ item }) => item)
  }
}

/** A list as Liquid's filters see it: a value that is none is a list of one. */
export function listOf(value: unknown): unknown[] {
  const plain = toValue(value) as unknown // Its type says nothing.
  if (plain === undefined || plain === null) return []
  return Array.isArray(plain) ? plain : [plain]
}

/** What has no value comes last. */
function order(one: unknown, other: unknown): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  // Safe because JavaScript compares what is no object.
  const [a, b] = [one as string, other as string]
  return a < b ? -1 : a > b ? 1 : 0
}
