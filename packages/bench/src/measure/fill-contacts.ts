import type { Cluster } from '../cluster.ts'

/** As many in one statement as an import stores. */
const AT_ONCE = 50_000

const list = (words: string) => `(array['${words.split(' ').join("', '")}'])`
const FIRST = list(
  'ada grace linus margaret dennis barbara ken edsger donald frances alan radia hedy tim karen katherine',
)
const LAST = list('lovelace hopper hamilton ritchie liskov thompson dijkstra knuth allen turing perlman jones johnson')
const DOMAIN = list('gmail.com gmail.com gmail.com outlook.com yahoo.com web.de example.com example.org example.net')

/** A number that looks random and is the same in each run. */
const pick = (from: string, salt: number) =>
  `${from}[1 + abs(hashint8(i + ${salt})::bigint) % array_length(${from}, 1)]`

/** Fills the project of a store with contacts. Indexes are made when all is in, which takes a third of the time. */
export async function fillContacts(cluster: Cluster, database: string, count: number): Promise<void> {
  const ask = <Row extends object>(text: string) => cluster.query<Row & Record<string, unknown>>(text, database)
  const indexes = await ask<{ name: string; definition: string }>(`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and tablename = 'contacts'
      and not exists (select from pg_constraint where conname = indexname)`)
  const [knows] = await ask<{ consent: boolean }>(`
    select exists (select from information_schema.columns where table_name = 'contacts' and column_name = 'subscribed') as consent`)
  for (const { name } of indexes) await ask(`drop index "${name}"`)
  for (let from = 0; from < count; from += AT_ONCE) {
    await ask(`
      insert into contacts (project_id, id, email, data, created_at ${knows?.consent ? ', subscribed' : ''})
      select projects.id, uuidv7(), ${pick(FIRST, 0)} || '.' || ${pick(LAST, 1)} || '.n' || i || '@' || ${pick(DOMAIN, 2)},
        jsonb_build_object('plan', ${pick(list('free free free pro team'), 3)}, 'city', 'city-' || i % 3000, 'seats', i % 50,
          'customer', 'c-' || i, 'since', '2026-01-31'),
        now() - make_interval(secs => ${count} - i) ${knows?.consent ? ', i % 10 <> 0' : ''}
      from projects, generate_series(${from}::bigint, ${Math.min(count, from + AT_ONCE) - 1}) i`)
  }
  for (const { definition } of indexes) await ask(`set maintenance_work_mem = '256MB'; ${definition}`)
  await ask('vacuum (analyze) contacts')
}
