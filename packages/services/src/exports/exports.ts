import type { FileFormat } from '@posthorn/contracts'
import { auditPerson } from '../audit.ts'
import type { Context } from '../context.ts'
import type { Rows } from '../downloads.ts'
import { pagesOf, type Page } from './pages.ts'

interface Paged {
  limit: number
  cursor?: string | undefined
}

interface Exported<Item, Query extends Paged> {
  /** What the file is called after, and the act in the audit log. */
  noun: 'contacts' | 'emails' | 'events'
  list: (ctx: Context, query: Query) => Promise<Page<Item>>
  /** Names fields of `data` that can have a column of their own, the most common ones first. */
  fields?: (ctx: Context) => Promise<string[]>
}

type Asked<Query extends Paged> = Omit<Query, keyof Paged> & { format: FileFormat; bom: boolean }

/** Exports what a list has, with the filters of the list. */
export const exportOf =
  <Item, Query extends Paged>({ noun, list, fields }: Exported<Item, Query>) =>
  async (ctx: Context, asked: Asked<Query>): Promise<Rows<Item>> => {
    const { format, bom: _, ...filters } = asked
    // Safe because these are the filters of the list, and a page is all else that it takes.
    const listPage = (page: Paged) => list(ctx, { ...filters, ...page } as unknown as Query)
    const begin = () =>
      auditPerson(ctx, {
        action: `${noun}.exported`,
        target: ctx.actor.projectId,
        detail: { format, ...told(filters) },
      })
    return {
      name: noun,
      ...(fields !== undefined && format === 'csv' && { fields: await fields(ctx) }),
      batches: after(begin, pagesOf(listPage)),
    }
  }

/** Filters that can name a person. The audit log tells that they were used: it outlasts people who are erased. */
const PERSONAL: ReadonlySet<string> = new Set(['search', 'to'])

const told = (filters: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, PERSONAL.has(name) && value !== undefined ? true : value]),
  )

/** Does something first, once the batches are asked for. */
export async function* after<Batch>(begin: () => Promise<void>, batches: AsyncIterable<Batch>) {
  await begin()
  yield* batches
}
