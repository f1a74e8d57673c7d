import { parseAddress, ROLES, type Role, type WirePeopleOutput } from '@posthorn/contracts'
import { invokePeople } from '@posthorn/services/people/invoke'
import { Option, type Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { CommandError } from '../errors.ts'
import { table } from '../output.ts'
import { contextOf, withProject, type ProjectFlag } from '../projects.ts'

type Flags = JsonFlag & ProjectFlag
type Members = WirePeopleOutput<'members', 'list'>

export function defineMember(member: Command, cli: Cli): void {
  const verb = (name: string, summary: string) => withProject(leaf(member, name, summary))

  verb('list', 'list the members, and who is invited').action((flags: Flags) =>
    answer(cli, jsonOf(flags), async (instance) => {
      const found = await invokePeople(await contextOf(instance, flags), ['members', 'list'], {})
      return { json: found, text: table(rowsOf(found)) }
    }),
  )

  verb('add', 'mail somebody an invitation')
    .argument('<address>', 'to whom')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('member'))
    .action((email: string, flags: Flags & { role: Role }) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const ctx = await contextOf(instance, flags)
        const made = await invokePeople(ctx, ['members', 'invite'], { email, role: flags.role })
        return { json: made, text: `${made.email} is invited as ${made.role}, until ${made.expiresAt}.\n` }
      }),
    )

  verb('remove', 'remove a member at once, or take an invitation back')
    .argument('<address>', 'whom')
    .action((asked: string, flags: Flags) =>
      answer(cli, jsonOf(flags), async (instance) => {
        const ctx = await contextOf(instance, flags)
        const { members, invitations } = await invokePeople(ctx, ['members', 'list'], {})
        const address = parseAddress(asked)
        const email = address.ok ? address.value : asked
        const member = members.find((one) => one.email === email)
        const invitation = invitations.find((one) => one.email === email)
        if (member !== undefined) await invokePeople(ctx, ['members', 'remove'], { userId: member.userId })
        else if (invitation !== undefined)
          await invokePeople(ctx, ['members', 'revokeInvitation'], { id: invitation.id })
        else throw new CommandError('MEMBER_NOT_FOUND', `The project has no member ${asked}.`)
        return { json: { email }, text: `${email} does not work on the project any more.\n` }
      }),
    )
}

const jsonOf = ({ json }: JsonFlag): JsonFlag => ({ json })

const rowsOf = ({ members, invitations }: Members) => [
  ['ADDRESS', 'NAME', 'ROLE', 'SINCE'],
  ...members.map(({ email, name, role, joinedAt }) => [email, name, role, joinedAt]),
  ...invitations.map(({ email, role, expiresAt }) => [email, null, role, `invited until ${expiresAt}`]),
]
