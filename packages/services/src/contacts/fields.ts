import { FIELD_TYPES, LIMITS } from '@posthorn/contracts'
import { sql } from 'kysely'
import type { Handlers } from '../handlers.ts'
import { countedFields, type CountedField } from './field-counts.ts'
import { deleteField } from './fields-delete.ts'
import { fieldUsage } from './fields-usage.ts'
import { fieldName } from './filter.ts'
import { totalsOf } from './totals.ts'

type FieldCall = 'fields' | 'fieldValues' | 'fieldUsage' | 'deleteField'

/** What is known of the facts that contacts have. */
export const fieldCalls: Pick<Handlers<'contacts'>, FieldCall> = {
  async fields({ db, actor: { projectId } }, { search, limit }) {
    const rows = await countedFields(db, { projectId, search, limit: limit + 1 })
    const { total } = await totalsOf(db, projectId)
    const fields = rows.slice(0, limit).map((row) => present(row, total))
    return { fields, count: fields.length, isComplete: rows.length <= limit, contacts: total }
  },

  async fieldValues({ db, actor: { projectId } }, { field, limit }) {
    const name = fieldName(field)
    const { rows } = await sql<{ looked: number; value: string | number | boolean; count: number }>`
      with looked as materialized (
        select id, data -> ${name} as found from contacts where project_id = ${projectId}
        order by id desc limit ${LIMITS.sampledContacts}
      ), one as (
        select id, found as value from looked where jsonb_typeof(found) in ('string', 'number', 'boolean')
        union
        select id, entry from looked
          cross join lateral jsonb_array_elements(case when jsonb_typeof(found) = 'array' then found else '[]' end) entry
        where jsonb_typeof(entry) in ('string', 'number', 'boolean')
      )
      select (select count(*)::int from looked) as looked, most.*
      from (select) told left join (
        select value, count(*)::int as count from one where length(value #>> '{}') <= ${LIMITS.fieldValueLength}
        group by value order by count desc, value limit ${limit}
      ) most on true
    `.execute(db)
    const found = rows.filter(({ count }) => count !== null)
    return {
      field: `data.${name}`,
      values: found.map(({ value }) => value),
      counts: found.map(({ count }) => count),
      count: found.length,
      limit,
      contacts: rows[0]?.looked ?? 0,
    }
  },

  fieldUsage,
  deleteField,
}

function present({ name, ...counts }: CountedField, contacts: number) {
  const types = FIELD_TYPES.filter((type) => counts[type] > 0).toSorted((a, b) => counts[b] - counts[a])
  const count = types.reduce((sum, type) => sum + counts[type], 0)
  return {
    field: `data.${name}`,
    name,
    type: types[0] ?? 'string',
    types: Object.fromEntries(types.map((type) => [type, counts[type]])),
    count,
    // Both were counted a moment apart.
    coverage: contacts === 0 ? 0 : Math.min(100, Math.round((count / contacts) * 10_000) / 100),
  }
}
