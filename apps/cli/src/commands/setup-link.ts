import { newSetUpToken } from '@posthorn/services/people/set-up'
import { linkTo } from '@posthorn/services/people/tokens'
import type { Command } from 'commander'
import { answer, withJson, type Cli, type JsonFlag } from '../cli.ts'
import { CommandError } from '../errors.ts'

export function defineSetUpLink(command: Command, cli: Cli): void {
  withJson(command).action((flags: JsonFlag) =>
    answer(cli, flags, async ({ db, publicUrl }) => {
      const token = await newSetUpToken(db)
      if (token === undefined) {
        throw new CommandError('SET_UP_ALREADY', 'The first account was made already: sign in with it.')
      }
      const url = linkTo(publicUrl, 'setup', token)
      return { json: { url }, text: `${url}\n` }
    }),
  )
}
