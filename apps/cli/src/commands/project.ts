import { systemActor } from '@posthorn/services/context'
import { newId } from '@posthorn/services/ids'
import { createProject, getProject, listProjectsWithDeletions } from '@posthorn/services/instance'
import type { Command } from 'commander'
import { ask } from '../ask.ts'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { show, table } from '../output.ts'

export function defineProject(project: Command, cli: Cli): void {
  leaf(project, 'create', 'make a project and print its two keys')
    .requiredOption('--name <name>', 'what to call it')
    .action(({ name, ...flags }: JsonFlag & { name: string }) =>
      answer(cli, flags, async (instance) => {
        const made = await createProject(instance, name)
        const text = table([
          ['Project', made.project.name],
          ['Id', made.project.id],
          ['Secret key', made.secretKey],
          ['Public key', made.publicKey],
        ])
        return { json: made, text }
      }),
    )

  leaf(project, 'list', 'list the projects, and how far those are that are being deleted').action((flags: JsonFlag) =>
    answer(cli, flags, async ({ db }) => {
      const data = await listProjectsWithDeletions(db)
      const rows = data.map(({ id, name, deletion }) => [id, name, statusOf(deletion)])
      return { json: { data }, text: table([['ID', 'NAME', 'STATUS'], ...rows]) }
    }),
  )

  leaf(project, 'delete', 'end a project at once, and have all of it deleted by the workers')
    .argument('<id or name>', 'which one')
    .option('--yes <name>', 'its name, letter by letter, instead of being asked for it')
    .action((which: string, { yes, ...flags }: JsonFlag & { yes?: string }) =>
      answer(cli, flags, async ({ db, openRuntime }) => {
        const { id, name } = await getProject(db, which)
        const question = `This ends ${show(name)} (${id}) for good, with its mails, contacts, events and keys. Type its name to go on: `
        const confirm = yes ?? (await ask(cli, { question, flag: '--yes NAME' }))
        const { invokePeople } = await import('@posthorn/services/people/invoke')
        const ctx = { db, runtime: await openRuntime(), actor: systemActor(id), requestId: newId() }
        await invokePeople(ctx, ['projects', 'delete'], { confirm })
        const text = `${show(name)} has ended, and its keys are dead. The workers delete the rest: pnpm posthorn project list shows how far they are.\n`
        return { json: { project: { id, name } }, text }
      }),
    )
}

function statusOf(deletion: { doneRows: number; totalRows: number } | null): string {
  return deletion === null ? 'works' : `being deleted: ${deletion.doneRows} of ${deletion.totalRows} rows are gone`
}
