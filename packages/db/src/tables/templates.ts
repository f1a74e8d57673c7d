import type { ColumnType } from 'kysely'
import type { StoredActor } from '../tables.ts'

type Moment = ColumnType<Date, Date | undefined, Date>
type NullableMoment = ColumnType<Date | null, Date | undefined, Date | null>
type Json<Value> = ColumnType<Value, string, string>

/** A value that a template is given by whoever sends it. */
export interface StoredVariable {
  name: string
  type: 'string' | 'number' | 'boolean' | 'date' | 'list' | 'object'
  fallback?: unknown
}

export interface TemplateTables {
  templates: {
    project_id: string
    id: string
    name: string
    description: string | null
    type: 'TRANSACTIONAL' | 'MARKETING' | 'HEADLESS'
    /** What is sent. */
    published_version: number | null
    /** What waits to be published. */
    draft_version: number | null
    created_at: Moment
    updated_at: Moment
  }
  template_versions: {
    project_id: string
    template_id: string
    number: number
    subject: string
    /** As its author wrote it: HTML or MJML. */
    body: string
    /** The HTML that it stands for, with Liquid in it. */
    html: string
    text: string | null
    from_email: string | null
    from_name: string | null
    reply_to_email: string | null
    variables: Json<StoredVariable[]>
    /** What the visual editor made the body of; null: it was written by hand. */
    design: ColumnType<Record<string, unknown> | null, string | null | undefined, string | null>
    created_at: Moment
    created_by: Json<StoredActor>
    published_at: NullableMoment
  }
}
