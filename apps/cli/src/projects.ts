import type { Db } from '@posthorn/db'
import { systemActor, type Context } from '@posthorn/services/context'
import { newId } from '@posthorn/services/ids'
import { getProject, listProjects, type ProjectSummary } from '@posthorn/services/instance'
import { findOwnProject } from '@posthorn/services/people/own-project'
import type { Command } from 'commander'
import { CommandError, usageError } from './errors.ts'
import type { Instance } from './instance.ts'

export interface ProjectFlag {
  project?: string
}

export function withProject(command: Command): Command {
  return command.option('--project <id or name>', 'the project; may be left out where there is only one')
}

/** The project that is meant: the one that was named, or the only one beside that of Posthorn’s own mail. */
export async function requireProject(db: Db, { project }: ProjectFlag): Promise<ProjectSummary> {
  if (project !== undefined) return getProject(db, project)
  const own = await findOwnProject(db)
  const [only, ...others] = (await listProjects(db)).filter(({ id }) => id !== own)
  if (only === undefined) {
    throw new CommandError(
      'PROJECT_NOT_FOUND',
      'There is no project yet: run pnpm posthorn project create --name NAME.',
    )
  }
  if (others.length > 0) throw usageError(`There are ${others.length + 1} projects: name one with --project.`)
  return only
}

/** The command line comes in through the same door as everybody else. */
export async function contextOf({ db, openRuntime }: Instance, flags: ProjectFlag): Promise<Context> {
  const { id } = await requireProject(db, flags)
  return { db, runtime: await openRuntime(), actor: systemActor(id), requestId: newId() }
}
