import { Command, CommanderError } from 'commander'
import type { Cli, Surroundings } from './cli.ts'
import { addAccount } from './commands/account.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDomain } from './commands/domain.ts'
import { addEmails } from './commands/emails.ts'
import { addKey } from './commands/key.ts'
import { addMember } from './commands/member.ts'
import { addMigrate } from './commands/migrate.ts'
import { addProject } from './commands/project.ts'
import { addSetUpLink } from './commands/setup-link.ts'
import { explain, usageError, type Failure } from './errors.ts'
import { ReaderLeft } from './output.ts'

const COMMANDS = [addMigrate, addProject, addKey, addMember, addAccount, addDomain, addEmails, addDoctor, addSetUpLink]

/** The whole command line. It throws where commander would end the process. */
export function createProgram(cli: Cli): Command {
  const program = new Command('posthorn')
    .description('Look after a Posthorn from the command line.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void cli.stdout.write(text),
      writeErr: (text) => void cli.stderr.write(text),
      // Errors are worded in one place, below.
      outputError: () => {},
    })
  for (const add of COMMANDS) add(program, cli)
  return program
}

/** Runs one command and answers with the exit code: 0, 1 for a failure, 2 for a command that was typed wrong. */
export async function run(args: string[], { stdin, stdout, stderr, env }: Surroundings): Promise<number> {
  let exitCode = 0
  const cli: Cli = { stdin, stdout, stderr, env, setExitCode: (code) => (exitCode = code) }
  try {
    await createProgram(cli).parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof ReaderLeft) return 0
    const failure = error instanceof CommanderError ? explainUsage(error) : explain(error)
    if (failure === undefined) return error instanceof CommanderError && error.exitCode === 0 ? 0 : 2
    stderr.write(args.includes('--json') ? asJson(failure) : `${failure.message}\n`)
    return failure.exitCode
  }
}

const asJson = ({ code, message }: Failure) => `${JSON.stringify({ error: { code, message } })}\n`

/** Undefined where commander has printed help, which says enough. */
function explainUsage({ code, message }: CommanderError): Failure | undefined {
  if (code === 'commander.helpDisplayed' || code === 'commander.help') return undefined
  return explain(usageError(`${message.replace(/^error: /, '')} (--help shows how it is used)`))
}
