import { KEY_KINDS, KEY_SCOPES, OVERLAPS, SCOPES, type WireInput, type WireOutput } from '@posthorn/contracts'
import type { Context } from '@posthorn/services/context'
import { invoke } from '@posthorn/services/invoke'
import { Option, type Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { expiryOf } from '../expiry.ts'
import { table, type Cell } from '../output.ts'
import { contextOf, withProject, type ProjectFlag } from '../projects.ts'

type Key = WireOutput<'keys', 'list'>['data'][number]
type Flags = JsonFlag & ProjectFlag

interface CreateFlags extends Flags {
  name: string
  kind: Key['kind']
  scope?: Key['scopes']
  expires?: string
  allowIp?: string[]
}

const collect = (value: string, before: string[] = []) => [...before, value]

export function defineKey(key: Command, cli: Cli): void {
  const verb = (name: string, summary: string) => withProject(leaf(key, name, summary))

  verb('list', 'list the keys, newest first').action((flags: Flags) =>
    answer(cli, jsonOf(flags), async (instance) => {
      const data = await allKeys(await contextOf(instance, flags))
      return { json: { data }, text: table([HEADINGS, ...data.map(row)]) }
    }),
  )

  verb('create', 'make a key and print it')
    .requiredOption('--name <name>', 'what to call it')
    .addOption(new Option('--kind <kind>', 'a public key only reports events').choices(KEY_KINDS).default('secret'))
    .option('--scope <scope>', `what it may do, repeatable: ${SCOPES.join(', ')}`, collect)
    .option('--expires <when>', 'such as 2027-01-31T09:30:00Z, or 90d or 12h from now')
    .option('--allow-ip <address>', 'an address or network (CIDR) it may be used from, repeatable', collect)
    .action((flags: CreateFlags) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const made = await invoke(await contextOf(instance, flags), ['keys', 'create'], inputOf(flags))
        return { json: made, text: fields(made) }
      }),
    )

  verb('regenerate', 'replace a key by a new one and print it')
    .argument('<id>', 'the id of the key')
    .addOption(
      new Option('--overlap <time>', 'how long the old key still works').choices(Object.keys(OVERLAPS)).default('now'),
    )
    .action((id: string, flags: Flags & { overlap: keyof typeof OVERLAPS }) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const { overlap } = flags
        const made = await invoke(await contextOf(instance, flags), ['keys', 'regenerate'], { id, overlap })
        const old = made.replaced.status === 'revoked' ? 'is dead' : `works until ${made.replaced.expiresAt}`
        return { json: made, text: `${fields(made.key)}\nThe old key ${made.replaced.hint} ${old}.\n` }
      }),
    )

  verb('revoke', 'end a key at once, in every process')
    .argument('<id>', 'the id of the key')
    .action((id: string, flags: Flags) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const ended = await invoke(await contextOf(instance, flags), ['keys', 'revoke'], { id })
        return { json: ended, text: `The key ${ended.name} (${ended.hint}) is dead since ${ended.revokedAt}.\n` }
      }),
    )

  verb('reveal', 'print a key again; the audit log keeps that it was')
    .argument('<id>', 'the id of the key')
    .action((id: string, flags: Flags) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const shown = await invoke(await contextOf(instance, flags), ['keys', 'reveal'], { id })
        return { json: shown, text: fields(shown) }
      }),
    )
}

const jsonOf = ({ json }: JsonFlag): JsonFlag => ({ json })

function inputOf({ name, kind, scope, expires, allowIp }: CreateFlags): WireInput<'keys', 'create'> {
  return { name, kind, scopes: scope, expiresAt: expiryOf(expires), allowedIps: allowIp }
}

async function allKeys(ctx: Context): Promise<Key[]> {
  const keys: Key[] = []
  let cursor: string | null | undefined
  do {
    const page: WireOutput<'keys', 'list'> = await invoke(ctx, ['keys', 'list'], {
      limit: 100,
      cursor: cursor ?? undefined,
    })
    keys.push(...page.data)
    cursor = page.cursor
  } while (cursor !== null)
  return keys
}

const HEADINGS = ['ID', 'NAME', 'KIND', 'STATUS', 'KEY', 'EXPIRES', 'LAST USED', 'FROM', 'SCOPES']

const row = (key: Key): Cell[] => [
  key.id,
  key.name,
  key.kind,
  key.status,
  key.hint,
  key.expiresAt,
  key.lastUsedAt,
  key.allowedIps.join(' '),
  scopesOf(key),
]

function scopesOf({ kind, scopes }: Key): string {
  const usual = KEY_SCOPES[kind]
  return scopes.length === usual.length && usual.every((scope) => scopes.includes(scope)) ? 'default' : scopes.join(' ')
}

function fields(key: Key & { key: string }): string {
  return table([
    ['Key', key.key],
    ['Id', key.id],
    ['Name', key.name],
    ['Kind', key.kind],
    ['Status', key.status],
    ['Scopes', scopesOf(key)],
    ['Allowed from', key.allowedIps.join(' ') || 'anywhere'],
    ['Expires', key.expiresAt ?? 'never'],
  ])
}
