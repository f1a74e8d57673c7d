import type { ColumnType, JSONColumnType } from 'kysely'

/** Read as a `Date`, and written as one or as text; the database has a default for it. */
export type Moment = ColumnType<Date, Date | string | undefined, Date | string>
export type NullableMoment = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>

/** Read as what it holds, and written as text. */
export type Json<Value> = JSONColumnType<Value & object, string | undefined>
