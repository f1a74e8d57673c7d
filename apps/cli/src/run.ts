import { Command, CommanderError } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import type { Cli, Surroundings } from './cli.ts'
import { usageError, type Failure } from './errors.ts'
import { ReaderLeft } from './output.ts'

interface CommandEntry {
  summary: string
  load(): Promise<(command: Command, cli: Cli) => void>
}

/** Loaded once they are named, so that no command waits for what only others need. */
const COMMANDS: Record<string, CommandEntry> = {
  migrate: {
    summary: 'bring the database schema up to date',
    load: async () => (await import('./commands/migrate.ts')).defineMigrate,
  },
  project: {
    summary: 'make, list and delete projects',
    load: async () => (await import('./commands/project.ts')).defineProject,
  },
  key: {
    summary: 'list, make, replace, show and end the API keys of a project',
    load: async () => (await import('./commands/key.ts')).defineKey,
  },
  member: {
    summary: 'list, invite and remove the people who work on a project',
    load: async () => (await import('./commands/member.ts')).defineMember,
  },
  account: {
    summary: 'list accounts, and help people back into theirs',
    load: async () => (await import('./commands/account.ts')).defineAccount,
  },
  domain: {
    summary: 'say what projects may send from',
    load: async () => (await import('./commands/domain.ts')).defineDomain,
  },
  emails: {
    summary: 'look at the mail that waits',
    load: async () => (await import('./commands/emails.ts')).defineEmails,
  },
  doctor: {
    summary: 'check what this Posthorn stands on; exit code 1 when something is wrong',
    load: async () => (await import('./commands/doctor.ts')).defineDoctor,
  },
  'setup-link': {
    summary: 'print a new link that makes the first account',
    load: async () => (await import('./commands/setup-link.ts')).defineSetUpLink,
  },
}

/** The command line, with all that the commands hold which stand in `words`. It throws where commander would end the process. */
export async function createProgram(cli: Cli, words = Object.keys(COMMANDS)): Promise<Command> {
  const program = new Command('posthorn')
    .description('Look after a Posthorn from the command line.')
    .version(packageJson.version, '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      // Errors are worded in one place, below.
      outputError: () => {},
    })
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary)
    if (words.includes(name)) (await load())(command, cli)
  }
  return program
}

/** Runs one command and answers with the exit code: 0, 1 for a failure, 2 for a command that was typed wrong. */
export async function run(args: string[], { stdin, stdout, stderr, env }: Surroundings): Promise<number> {
  let exitCode = 0
  const cli: Cli = { stdin, stdout, stderr, env, setExitCode: (code) => (exitCode = code) }
  try {
    const program = await createProgram(cli, args)
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof ReaderLeft) return 0
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    const failure = error instanceof CommanderError ? explainUsage(error) : await explain(error)
    if (failure === undefined) return 2
    stderr.write(args.includes('--json') ? asJson(failure) : `${failure.message}\n`)
    return failure.exitCode
  }
}

const asJson = ({ code, message }: Failure) => `${JSON.stringify({ error: { code, message } })}\n`

/** Undefined where commander has printed help, which says enough. */
function explainUsage({ code, message }: CommanderError): Failure | undefined {
  if (code === 'commander.help') return undefined
  return usageError(`${message.replace(/^error: /, '')} (--help shows how it is used)`)
}

async function explain(error: unknown): Promise<Failure> {
  const explaining = await import('./explain.ts')
  return explaining.explain(error)
}
