import { STREAMS } from '@posthorn/outbox'

export interface Group {
  kind: 'named' | 'none' | 'rest'
  id: string | null
  name: string | null
}

const STREAM_OF = new Map<string, string>(Object.entries(STREAMS).map(([name, number]) => [String(number), name]))

/** What a group is called, of what the counters call it; null is all that is not shown by itself. */
export function groupOf(by: 'stream' | 'template' | 'domain', key: string | null, templateName: string | null): Group {
  if (key === null || (by === 'domain' && key === '')) return { kind: 'rest', id: null, name: null }
  if (by === 'stream') {
    const stream = STREAM_OF.get(key) ?? key
    return { kind: 'named', id: stream, name: stream }
  }
  if (by === 'domain') return { kind: 'named', id: key, name: key }
  if (key === '') return { kind: 'none', id: null, name: null }
  return { kind: 'named', id: key, name: templateName }
}
