import { distrustDomain, listDomains, trustDomain } from '@posthorn/services/domains'
import type { Command } from 'commander'
import { answer, leaf, type Cli, type JsonFlag } from '../cli.ts'
import { table } from '../output.ts'
import { requireProject, withProject, type ProjectFlag } from '../projects.ts'

type Flags = JsonFlag & ProjectFlag

export function defineDomain(domain: Command, cli: Cli): void {
  const verb = (name: string, summary: string) => withProject(leaf(domain, name, summary))

  verb('list', 'list what a project may send from').action(({ json, ...flags }: Flags) =>
    answer(cli, { json }, async ({ db }) => {
      const project = await requireProject(db, flags)
      const data = await listDomains(db, project.id)
      const rows = data.map(({ domain, trustedAt }) => [domain, trustedAt.toISOString()])
      return { json: { project, data }, text: table([['DOMAIN', 'TRUSTED SINCE'], ...rows]) }
    }),
  )

  verb('trust', 'let a project send from a domain, on your word')
    .argument('<domain>', 'such as example.com')
    .action((asked: string, { json, ...flags }: Flags) =>
      answer(cli, { json }, async ({ db }) => {
        const project = await requireProject(db, flags)
        const trusted = await trustDomain(db, project.id, asked)
        return { json: { project, domain: trusted }, text: `${project.name} may send from ${trusted}.\n` }
      }),
    )

  verb('distrust', 'let a project send from a domain no longer; what was accepted still goes out')
    .argument('<domain>', 'such as example.com')
    .action((asked: string, { json, ...flags }: Flags) =>
      answer(cli, { json }, async ({ db }) => {
        const project = await requireProject(db, flags)
        const distrusted = await distrustDomain(db, project.id, asked)
        return { json: { project, domain: distrusted }, text: `${project.name} may not send from ${distrusted}.\n` }
      }),
    )
}
