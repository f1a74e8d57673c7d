import { waitingEmails, type WaitingEmail } from '@posthorn/services/waiting'
import { InvalidArgumentError, type Command } from 'commander'
import { leaf, onInstance, type Cli, type JsonFlag } from '../cli.ts'
import { table, write, type Cell } from '../output.ts'
import { requireProject, withProject, type ProjectFlag } from '../projects.ts'

type Flags = JsonFlag & ProjectFlag & { limit?: number }

const PER_WRITE = 200
const HEADINGS = ['ID', 'STATUS', 'TRIES', 'NEXT TRY', 'TO', 'SUBJECT', 'WHY']
const MIN_WIDTHS = [36, 9, 5, 24, 24, 24]

export function defineEmails(emails: Command, cli: Cli): void {
  withProject(leaf(emails, 'why', 'list each mail that waits: why, and when it is tried next'))
    .option('--limit <count>', 'at most so many', positive)
    .action((flags: Flags) =>
      onInstance(cli, {}, async ({ db }) => {
        const project = flags.project === undefined ? undefined : await requireProject(db, flags)
        const found = take(waitingEmails(db, project?.id), flags.limit ?? Number.POSITIVE_INFINITY)
        await (flags.json ? writeJson : writeTable)(cli, found)
      }),
    )
}

function positive(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('Expected a whole number above 0.')
}

async function* take(emails: AsyncIterable<WaitingEmail>, limit: number): AsyncGenerator<WaitingEmail> {
  let left = limit
  for await (const email of emails) {
    yield email
    left -= 1
    if (left <= 0) return
  }
}

/** One JSON document, written as it is found: a queue can be longer than memory is large. */
async function writeJson({ stdout }: Cli, emails: AsyncIterable<WaitingEmail>): Promise<void> {
  let written = '{"data":['
  for await (const chunk of inChunks(emails)) {
    await write(stdout, written + chunk.map((email) => `\n${JSON.stringify(email)}`).join(','))
    written = ','
  }
  await write(stdout, written === ',' ? '\n]}\n' : `${written}]}\n`)
}

async function writeTable({ stdout }: Cli, emails: AsyncIterable<WaitingEmail>): Promise<void> {
  let headings: Cell[][] = [HEADINGS]
  for await (const chunk of inChunks(emails)) {
    await write(stdout, table([...headings, ...chunk.map(row)], MIN_WIDTHS))
    headings = []
  }
  if (headings.length > 0) await write(stdout, 'No mail waits.\n')
}

async function* inChunks(emails: AsyncIterable<WaitingEmail>): AsyncGenerator<WaitingEmail[]> {
  let chunk: WaitingEmail[] = []
  for await (const email of emails) {
    chunk.push(email)
    if (chunk.length < PER_WRITE) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

const row = (email: WaitingEmail): Cell[] => [
  email.id,
  email.status,
  email.attempts,
  email.nextAttemptAt?.toISOString(),
  email.to,
  shorten(email.subject),
  email.why,
]

const shorten = (text: string) => (text.length > 40 ? `${text.slice(0, 39)}…` : text)
