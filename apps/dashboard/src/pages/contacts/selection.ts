import type { WireInput } from '@posthorn/contracts'
import { useState } from 'react'
import { activeCount } from '../../ui/active-count.ts'
import type { ContactFilters } from './search.ts'

type Chosen = { mode: 'ids'; ids: ReadonlySet<string> } | { mode: 'query'; except: ReadonlySet<string> }

export interface Selection {
  has(id: string): boolean
  toggle(id: string): void
  /** Does to all from the one that was changed last to this one what was done to that one. */
  extendTo(id: string, shown: readonly string[]): void
  /** Takes all of these, or leaves all of them. */
  setAll(ids: readonly string[], isTaken: boolean): void
  /** Takes whatever fits the filters, also what is not loaded. */
  takeAllThatFit(): void
  clear(): void
  isEmpty: boolean
  /** Whether it is all that fits the filters, save some. */
  isOfFilter: boolean
  /** "3 contacts". */
  words: string
  /** What a call about them is told. */
  input: WireInput<'contacts', 'bulkDelete'>
}

const NONE: Chosen = { mode: 'ids', ids: new Set() }

/** Which contacts are picked. Other filters begin anew: nobody should change what they no longer see. */
export function useSelection(filters: ContactFilters): Selection {
  const key = JSON.stringify(filters)
  const [chosen, setChosen] = useState(NONE)
  const [last, setLast] = useState<string>()
  const [seen, setSeen] = useState(key)
  if (key !== seen) {
    setSeen(key)
    setChosen(NONE)
    setLast(undefined)
  }
  const has = (id: string) => (chosen.mode === 'ids' ? chosen.ids.has(id) : !chosen.except.has(id))
  const set = (ids: readonly string[], isTaken: boolean) => {
    const isListed = isTaken === (chosen.mode === 'ids')
    const listed = new Set(chosen.mode === 'ids' ? chosen.ids : chosen.except)
    for (const id of ids) {
      if (isListed) listed.add(id)
      else listed.delete(id)
    }
    setChosen(chosen.mode === 'ids' ? { mode: 'ids', ids: listed } : { mode: 'query', except: listed })
  }
  const toggle = (id: string) => {
    setLast(id)
    set([id], !has(id))
  }
  return {
    has,
    toggle,
    extendTo(id, shown) {
      const [from, to] = [last === undefined ? -1 : shown.indexOf(last), shown.indexOf(id)]
      if (last === undefined || from < 0 || to < 0) return toggle(id)
      set(shown.slice(Math.min(from, to), Math.max(from, to) + 1), has(last))
      setLast(id)
    },
    setAll: set,
    takeAllThatFit: () => setChosen({ mode: 'query', except: new Set() }),
    clear: () => setChosen(NONE),
    isEmpty: chosen.mode === 'ids' && chosen.ids.size === 0,
    isOfFilter: chosen.mode === 'query',
    words: wordsOf(chosen, activeCount(filters) > 0),
    input: inputOf(chosen, filters),
  }
}

function wordsOf(chosen: Chosen, isFiltered: boolean): string {
  if (chosen.mode === 'ids') return chosen.ids.size === 1 ? '1 contact' : `${chosen.ids.size} contacts`
  const all = isFiltered ? 'all contacts that fit the filters' : 'all contacts'
  return chosen.except.size === 0 ? all : `${all}, save ${chosen.except.size}`
}

function inputOf(chosen: Chosen, { subscribed, ...filters }: ContactFilters): Selection['input'] {
  if (chosen.mode === 'ids') return { mode: 'ids', contactIds: [...chosen.ids] }
  return {
    mode: 'query',
    filter: {
      ...filters,
      ...(subscribed !== undefined && { subscribed: String(subscribed) === 'true' }),
    },
    excludeIds: [...chosen.except],
  }
}
