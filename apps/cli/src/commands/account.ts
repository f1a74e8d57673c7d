import {
  confirmAccountAddress,
  listAccounts,
  newPasswordLink,
  resetSecondFactor,
  type Account,
} from '@posthorn/services'
import type { Command } from 'commander'
import { answer, leaf, type Answer, type Cli, type JsonFlag } from '../cli.ts'
import { CommandError } from '../errors.ts'
import type { Instance } from '../instance.ts'
import { table, type Cell } from '../output.ts'

export function addAccount(program: Command, cli: Cli): void {
  const account = program.command('account').description('list accounts, and help people back into theirs')

  leaf(account, 'list', 'list the accounts, oldest first').action((flags: JsonFlag) =>
    answer(cli, flags, async ({ db }) => {
      const data = await listAccounts(db)
      return { json: { data }, text: table([HEADINGS, ...data.map(row)]) }
    }),
  )

  const verb = <Found>(
    name: string,
    summary: string,
    { run, say }: { run(instance: Instance, address: string): Promise<Found | undefined>; say(found: Found): string },
  ) =>
    leaf(account, name, summary)
      .argument('<address>', 'whose account')
      .action((address: string, flags: JsonFlag) =>
        answer(cli, flags, async (instance): Promise<Answer> => {
          const found = await run(instance, address)
          if (found === undefined) throw new CommandError('ACCOUNT_NOT_FOUND', `Nobody has an account ${address}.`)
          return { json: found, text: `${say(found)}\n` }
        }),
      )

  verb('reset-second-factor', 'switch second factor and recovery codes off, end all sessions, and tell by mail', {
    run: resetSecondFactor,
    say: ({ email, changed, endedSessions }) =>
      changed
        ? `${email} signs in without a second factor from now on, and is told by mail. Sessions that ended: ${endedSessions}.`
        : `${email} has no second factor: nothing was changed.`,
  })

  verb(
    'reset-password',
    'print a link that sets a new password, once and within an hour, for whom mail does not reach',
    {
      run: newPasswordLink,
      say: ({ url }) => url,
    },
  )

  verb('confirm-address', 'take the address of an account for confirmed, on your word', {
    run: ({ db }, address) => confirmAccountAddress(db, address),
    say: ({ email, changed }) => (changed ? `${email} is confirmed.` : `${email} was confirmed already.`),
  })
}

const HEADINGS = ['ADDRESS', 'NAME', 'CONFIRMED', 'SECOND FACTOR', 'PROJECTS', 'LAST SEEN', 'ROLE']

const yesNo = (is: boolean) => (is ? 'yes' : 'no')

const row = (one: Account): Cell[] => [
  one.email,
  one.name,
  yesNo(one.isConfirmed),
  yesNo(one.hasSecondFactor),
  one.projects,
  one.lastSeenAt?.toISOString(),
  one.isInstanceOwner ? 'owner of the instance' : null,
]
