import { trustDomain } from '@posthorn/services'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { requireProject, withProject, type ProjectFlag } from '../projects.ts'

export function addDomain(program: Command, cli: Cli): void {
  const domain = program.command('domain').description('say what projects may send from')

  withProject(leaf(domain, 'trust', 'let a project send from a domain, on your word'))
    .argument('<domain>', 'such as example.com')
    .action((asked: string, { project: named, ...flags }: JsonFlag & ProjectFlag) =>
      answer(cli, flags, async ({ db }) => {
        const project = await requireProject(db, { project: named })
        const trusted = await trustDomain(db, project.id, asked)
        return { json: { project, domain: trusted }, text: `${project.name} may send from ${trusted}.\n` }
      }),
    )
}
