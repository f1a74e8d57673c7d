import type { Pool } from 'pg'
import type { ListQuery } from '../schema.ts'

/** A page of contacts as most products have it: a pattern, the newest first, and how many there are in all. */
export async function listContacts(pool: Pool, projectId: string, { search, field, value }: ListQuery) {
  const values: unknown[] = [projectId]
  const wanted = ['project_id = $1']
  const place = (text: string) => `$${values.push(text)}`
  if (search !== undefined) wanted.push(`email ilike '%' || ${place(search)} || '%'`)
  if (field !== undefined && value !== undefined) wanted.push(`data ->> ${place(field)} = ${place(value)}`)
  const where = wanted.join(' and ')
  const [page, counted] = await Promise.all([
    pool.query(`select * from contacts where ${where} order by created_at desc, id desc limit 20`, values),
    pool.query(`select count(*)::int as total from contacts where ${where}`, values),
  ])
  return { data: page.rows, total: counted.rows[0].total }
}
