import { randomBytes } from 'node:crypto'

/**
 * A project with its keys, under a name that no other test uses. `createProject` is that of `@posthorn/services`,
 * handed in because that package tests itself with this one.
 */
export function newProject<Runtime, Project>(
  runtime: Runtime,
  createProject: (runtime: Runtime, name: string) => Promise<Project>,
): Promise<Project> {
  return createProject(runtime, `Test ${randomBytes(4).toString('hex')}`)
}
