import { linkTo, newSetUpToken } from '@posthorn/services'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { CommandError } from '../errors.ts'

export function addSetUpLink(program: Command, cli: Cli): void {
  leaf(program, 'setup-link', 'print a new link that makes the first account').action((flags: JsonFlag) =>
    answer(cli, flags, async ({ db, runtime }) => {
      const token = await newSetUpToken(db)
      if (token === undefined) {
        throw new CommandError('SET_UP_ALREADY', 'The first account was made already: sign in with it.')
      }
      const url = linkTo(runtime.publicUrl, 'setup', token)
      return { json: { url }, text: `${url}\n` }
    }),
  )
}
