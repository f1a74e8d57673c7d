import { migrate } from '@posthorn/db'
import type { Command } from 'commander'
import { answer, withJson, type Cli, type JsonFlag } from '../cli.ts'

export function defineMigrate(command: Command, cli: Cli): void {
  withJson(command).action((flags: JsonFlag) =>
    answer(cli, { ...flags, migratesEmbedded: false, requiresSchema: false }, async ({ db }) => {
      const applied = await migrate(db)
      const text =
        applied.length === 0 ? 'The schema was up to date.\n' : applied.map((name) => `Applied ${name}\n`).join('')
      return { json: { applied }, text }
    }),
  )
}
