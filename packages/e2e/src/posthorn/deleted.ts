import { invokePeople, newId, systemActor } from '@posthorn/services'
import { newProject } from './people.ts'
import type { Posthorn } from './start.ts'

/** The id of a project that the operator has made and deleted. */
export async function deletedProject(posthorn: Posthorn, name = 'Gone'): Promise<string> {
  const { id } = (await newProject(posthorn, name)).project
  const ctx = { ...posthorn, actor: systemActor(id), requestId: newId() }
  await invokePeople(ctx, ['projects', 'delete'], { confirm: name })
  return id
}
