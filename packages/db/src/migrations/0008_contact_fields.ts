import { sql, type Kysely } from 'kysely'

/** More than there are connections, so that one is always free. */
const SHARDS = 128

/** Each type of a value with the column that counts it. */
const TYPES = [
  ['string', 'strings'],
  ['number', 'numbers'],
  ['boolean', 'booleans'],
  ['date', 'dates'],
  ['list', 'lists'],
  ['object', 'objects'],
] as const

const COLUMNS = TYPES.map(([, column]) => column)

/** A day that there is, as an import reads one. A cast would fail where there is none, and to look ahead takes twice as long. */
const DAY = String.raw`([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))|([0-9][0-9](0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)`
const TIME = String.raw`(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?|24:00(:00([.]0{1,9})?)?)`
const ZONE = String.raw`(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])`

/** A trigger that counts what a statement did: `rows` has project_id, data, subscribed, and 1 or -1 as its sign. */
const counting = (event: 'insert' | 'update' | 'delete', transition: string, rows: string) => [
  // A plan is kept from the first call on, which may have had one row: with five thousand, a nested loop takes a minute.
  `create function count_contact_${event}() returns trigger language plpgsql set enable_nestloop = off as $$
    declare
      own smallint;
    begin
      if not exists (${rows}) then
        return null;
      end if;
      own := free_contact_shard();
      insert into contact_totals (project_id, shard, total, subscribed)
        select project_id, own, sum(sign), coalesce(sum(sign) filter (where subscribed), 0) from (${rows}) changed
        group by project_id having sum(sign) <> 0 or sum(sign) filter (where subscribed) <> 0
        on conflict (project_id, shard) do update set
          total = contact_totals.total + excluded.total,
          subscribed = contact_totals.subscribed + excluded.subscribed;
      insert into contact_fields (project_id, name, shard, ${COLUMNS.join(', ')})
        select project_id, name, own, ${COLUMNS.join(', ')} from (
          select project_id, name,
            ${TYPES.map(([type, column]) => `coalesce(sum(signs) filter (where type = '${type}'), 0) as ${column}`).join(', ')}
          from (
            select project_id, name, type, sum(sign) as signs from (
              select project_id, key as name, sign, type_of_field(value) as type
              from (${rows}) changed cross join jsonb_each(data)
              -- Otherwise the type of each value would be found out anew for each of the columns.
              offset 0
            ) typed
            where type is not null group by project_id, name, type
          ) by_type
          group by project_id, name
        ) counted
        where ${COLUMNS.map((column) => `${column} <> 0`).join(' or ')}
        on conflict (project_id, name, shard) do update set
          ${COLUMNS.map((column) => `${column} = contact_fields.${column} + excluded.${column}`).join(', ')};
      return null;
    end
  $$`,
  `create trigger count_${event} after ${event} on contacts referencing ${transition}
    for each statement execute function count_contact_${event}()`,
]

const STATEMENTS = [
  `create table contact_fields (
    project_id uuid not null,
    name text not null,
    shard smallint not null,
    ${COLUMNS.map((column) => `${column} bigint not null`).join(', ')},
    primary key (project_id, name, shard)
  ) with (fillfactor = 50)`,
  `create table contact_totals (
    project_id uuid not null,
    shard smallint not null,
    total bigint not null,
    subscribed bigint not null,
    primary key (project_id, shard)
  ) with (fillfactor = 50)`,

  // Numbers are spread so that each transaction has rows of its own: nobody waits for a row of another, so there is no
  // order in which to take them, and as few as possible are used, since whoever reads adds them up.
  `create function free_contact_shard() returns smallint language plpgsql as $$
    begin
      for shard in 0..${SHARDS - 1} loop
        if pg_try_advisory_xact_lock(hashtext('contact shard'), shard) then
          return shard;
        end if;
      end loop;
      return floor(random() * ${SHARDS});
    end
  $$`,

  // JSON has no dates: a text that is one in ISO 8601 is taken for one. Null is no value. Few texts have the form of a date,
  // and the pattern takes several times as long as to see that.
  `create function type_of_field(value jsonb) returns text language sql immutable parallel safe as $$
    select case jsonb_typeof(value)
      when 'string' then case
        when value::text like '"____-__-__%' and value::text not like '"0000%'
          and value::text ~ '^"${DAY}([T ]${TIME}${ZONE}?)?"$' then 'date'
        else 'string' end
      when 'array' then 'list'
      when 'null' then null
      else jsonb_typeof(value) end
  $$`,

  ...counting(
    'insert',
    'new table as added',
    'select added.project_id, added.data, added.subscribed, 1 as sign from added',
  ),
  ...counting(
    'delete',
    'old table as removed',
    'select removed.project_id, removed.data, removed.subscribed, -1 as sign from removed',
  ),
  ...counting(
    'update',
    'old table as removed new table as added',
    `select added.project_id, side.data, side.subscribed, side.sign
      from added join removed using (project_id, id)
        cross join lateral (values (added.data, added.subscribed, 1), (removed.data, removed.subscribed, -1))
          side (data, subscribed, sign)
      where added.data is distinct from removed.data or added.subscribed <> removed.subscribed`,
  ),

  `create index contacts_by_consent on contacts (project_id, subscribed, id)`,

  `create extension if not exists pg_trgm`,
  `create extension if not exists btree_gin`,
  // One index, since a contact that changes is entered anew into each of them. What is new waits in a list that every
  // search reads as well, until a worker sorts it in: the larger the list, the less that costs a contact, and the longer a
  // search takes meanwhile.
  `create index contacts_by_content on contacts using gin (project_id, email gin_trgm_ops, data jsonb_path_ops)
    with (gin_pending_list_limit = 8192)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
}
