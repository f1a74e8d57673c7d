import type { ColumnType, Generated, JSONColumnType } from 'kysely'

type NullableMoment = ColumnType<Date | null, Date | undefined, Date>

/** What a column of a file seems to be. */
export interface StoredImportColumn {
  name: string
  samples: string[]
  suggestion: {
    column: string
    to: 'email' | 'subscribed' | 'unsubscribed' | 'optedOutAt' | 'status' | 'topics' | 'field' | 'data' | 'ignore'
    field?: string | undefined
    type?: 'string' | 'number' | 'boolean' | 'date' | 'list' | 'any' | undefined
  }
  unsure: boolean
}

/** Files of contacts, their rows until they are read, and which of them were not stored as they stand there. */
export interface ImportTables {
  imports: {
    project_id: string
    id: string
    filename: string | null
    encoding: string | null
    delimiter: string | null
    columns: JSONColumnType<StoredImportColumn[], string | undefined>
    row_count: Generated<number>
    byte_count: ColumnType<string, number | undefined, number>
    /** What its rows take as they are stored, unpacked; those of a part that is imported are counted still. */
    stored_bytes: ColumnType<string, number | undefined, number>
    /** Null before it was started. */
    dry_run: boolean | null
    job_id: string | null
    problem_count: Generated<number>
    created_at: Generated<Date>
    /** When the last piece arrived. */
    touched_at: Generated<Date>
    uploaded_at: NullableMoment
  }
  import_pieces: {
    project_id: string
    import_id: string
    number: number
    /** As a spreadsheet counts. */
    first_row: number
    row_count: number
    /** JSON: an array of cells for each row. */
    rows: string
  }
  import_problems: {
    project_id: string
    import_id: string
    row: number
    outcome: 'refused' | 'skipped' | 'kept-out'
    column_name: string | null
    email: string | null
    code: string
    message: string
  }
}
