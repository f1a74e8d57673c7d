import { deleteAccount, endAccountSessions } from '@posthorn/services/people/end-account'
import { makeInstanceOwner } from '@posthorn/services/people/instance-owner'
import {
  confirmAccountAddress,
  listAccounts,
  newPasswordLink,
  resetSecondFactor,
  type Account,
} from '@posthorn/services/people/rescue'
import type { Command } from 'commander'
import { ask } from '../ask.ts'
import { answer, leaf, type Answer, type Cli, type JsonFlag } from '../cli.ts'
import { CommandError, usageError } from '../errors.ts'
import type { Instance } from '../instance.ts'
import { table, type Cell } from '../output.ts'

export function defineAccount(account: Command, cli: Cli): void {
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
          if (found === undefined) throw nobody(address)
          return { json: found, text: `${say(found)}\n` }
        }),
      )

  verb('reset-second-factor', 'switch second factor and recovery codes off, end all sessions, and tell by mail', {
    run: async (instance, address) => resetSecondFactor(await servicesOf(instance), address),
    say: ({ email, changed, endedSessions }) =>
      changed
        ? `${email} signs in without a second factor from now on, and is told by mail. Sessions that ended: ${endedSessions}.`
        : `${email} has no second factor: nothing was changed.`,
  })

  verb(
    'reset-password',
    'print a link that sets a new password, once and within an hour, for whom mail does not reach',
    {
      run: ({ db, publicUrl }, address) => newPasswordLink({ db, runtime: { publicUrl } }, address),
      say: ({ url }) => url,
    },
  )

  verb('confirm-address', 'take the address of an account for confirmed, on your word', {
    run: ({ db }, address) => confirmAccountAddress(db, address),
    say: ({ email, changed }) => (changed ? `${email} is confirmed.` : `${email} was confirmed already.`),
  })

  verb('end-sessions', 'sign somebody out everywhere, at once', {
    run: ({ db }, address) => endAccountSessions(db, address),
    say: ({ email, endedSessions }) => `${email} is signed out. Sessions that ended: ${endedSessions}.`,
  })

  verb('make-instance-owner', 'make somebody the owner of this Posthorn, in place of whoever is it', {
    run: async (instance, address) => makeInstanceOwner(await servicesOf(instance), address),
    say: ({ email, changed, before }) =>
      changed
        ? `${email} owns this Posthorn from now on${before === null ? '' : `, and ${before} does not any more`}.`
        : `${email} owns this Posthorn already.`,
  })

  leaf(account, 'delete', 'delete an account; refused while it is the only owner of a project')
    .argument('<address>', 'whose account')
    .option('--yes <address>', 'the address once more, instead of being asked for it')
    .action((address: string, { yes, ...flags }: JsonFlag & { yes?: string }) =>
      answer(cli, flags, async (instance): Promise<Answer> => {
        const question = `This deletes the account ${address} for good and ends its sessions. Type the address to go on: `
        const typed = yes ?? (await ask(cli, { question, flag: '--yes ADDRESS' }))
        if (typed.trim() !== address.trim()) throw usageError(`This is not ${address}: nothing was deleted.`)
        const found = await deleteAccount(await servicesOf(instance), address)
        if (found === undefined) throw nobody(address)
        const { email, endedSessions, projects } = found
        const text = `${email} has no account any more. Sessions that ended: ${endedSessions}; projects that were left: ${projects}.\n`
        return { json: found, text }
      }),
    )
}

const servicesOf = async ({ db, openRuntime }: Instance) => ({ db, runtime: await openRuntime() })

const nobody = (address: string) => new CommandError('ACCOUNT_NOT_FOUND', `Nobody has an account ${address}.`)

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
