import { createProject, listProjects } from '@posthorn/services'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { table } from '../output.ts'

export function addProject(program: Command, cli: Cli): void {
  const project = program.command('project').description('make and list projects')

  leaf(project, 'create', 'make a project and print its two keys')
    .requiredOption('--name <name>', 'what to call it')
    .action(({ name, ...flags }: JsonFlag & { name: string }) =>
      answer(cli, flags, async ({ runtime }) => {
        const made = await createProject(runtime, name)
        const text = table([
          ['Project', made.project.name],
          ['Id', made.project.id],
          ['Secret key', made.secretKey],
          ['Public key', made.publicKey],
        ])
        return { json: made, text }
      }),
    )

  leaf(project, 'list', 'list the projects').action((flags: JsonFlag) =>
    answer(cli, flags, async ({ db }) => {
      const data = await listProjects(db)
      return { json: { data }, text: table([['ID', 'NAME'], ...data.map(({ id, name }) => [id, name])]) }
    }),
  )
}
