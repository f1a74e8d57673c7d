import type { WireOutput } from '@posthorn/contracts'

export type Key = WireOutput<'keys', 'list'>['data'][number]

/** A key that works, with the one that it replaces for as long as that one works too. */
export interface LivingKey extends Key {
  /** The first key of those that replaced each other up to this one: it stays when this one is regenerated. */
  firstId: string
  previous: Key | undefined
}

export interface SortedKeys {
  /** The project's own key of each kind, which it was made with or what that one was replaced by. */
  main: Record<Key['kind'], LivingKey | undefined>
  /** The other keys that work, newest first. */
  more: LivingKey[]
  /** Those that no longer work, newest first. */
  ended: Key[]
}

const isLiving = ({ status }: Key) => status === 'active' || status === 'expiring'

/** Puts all keys of a project, newest first, where the page shows them. */
export function sortKeys(keys: readonly Key[]): SortedKeys {
  const predecessors = new Map(keys.flatMap((key) => (key.replacedBy === null ? [] : [[key.replacedBy, key]])))
  const living = keys.filter(isLiving)
  const livingIds = new Set(living.map(({ id }) => id))
  const firstOf = (key: Key): string => {
    let first = key
    for (let older = predecessors.get(first.id); older !== undefined; older = predecessors.get(first.id)) first = older
    return first.id
  }
  // A key in its overlap stands beside its successor, unless that one was ended before it.
  const heads = living
    .filter(({ replacedBy }) => replacedBy === null || !livingIds.has(replacedBy))
    .map((key): LivingKey => {
      const previous = predecessors.get(key.id)
      return {
        ...key,
        firstId: firstOf(key),
        previous: previous !== undefined && isLiving(previous) ? previous : undefined,
      }
    })

  // Ids are in the order of time.
  const mainOf = (kind: Key['kind']) =>
    heads
      .filter((key) => key.kind === kind && key.status === 'active')
      .sort((one, other) => (one.firstId < other.firstId ? -1 : 1))[0]
  const main = { public: mainOf('public'), secret: mainOf('secret') }
  return {
    main,
    more: heads.filter((key) => key !== main.public && key !== main.secret),
    ended: keys.filter((key) => !isLiving(key)),
  }
}
