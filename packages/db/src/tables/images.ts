import type { ColumnType } from 'kysely'

export interface ImageTables {
  images: {
    project_id: string
    id: string
    /** SHA-256 of the bytes. */
    hash: Buffer
    /** As the file was called. */
    name: string
    type: 'png' | 'jpg' | 'gif' | 'webp'
    width: number
    height: number
    size_bytes: number
    /** Null where the bucket has it. */
    content: Buffer | null
    created_at: ColumnType<Date, Date | undefined, never>
  }
  image_removals: {
    project_id: string
    hash: Buffer
    due_at: ColumnType<Date, Date | undefined, Date>
  }
}
