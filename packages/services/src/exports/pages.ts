/** As many rows as are read at once, and about as many bytes. Rows that are suddenly large come once as many at most. */
const ROWS = 500
const BYTES = 2 * 1024 * 1024
/** Nobody knows yet how large a row is. */
const FIRST_ROWS = 100

export interface Page<Item> {
  data: Item[]
  cursor: string | null
  hasMore: boolean
}

/**
 * All that a list has, page by page, each in a statement of its own: nothing in the database is held open between them,
 * however long a client takes.
 */
export async function* pagesOf<Item>(
  list: (page: { limit: number; cursor: string | undefined }) => Promise<Page<Item>>,
): AsyncGenerator<Item[], void, undefined> {
  let limit = FIRST_ROWS
  let cursor: string | undefined
  for (;;) {
    const page: Page<Item> = await list({ limit, cursor })
    yield page.data
    if (!page.hasMore || page.cursor === null) return
    cursor = page.cursor
    limit = rowsWithin(page.data)
  }
}

function rowsWithin(rows: readonly unknown[]): number {
  const bytesEach = JSON.stringify(rows).length / Math.max(rows.length, 1)
  return Math.max(1, Math.min(ROWS, Math.floor(BYTES / bytesEach)))
}
