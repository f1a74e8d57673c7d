import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The files that take longest: begun last, one of them would run alone at the end while the other cores wait. */
const LONG = [
  'apps/standalone/src/docs.test.ts',
  'apps/standalone/src/standalone.test.ts',
  'apps/api/src/adding-an-operation.test.ts',
  'apps/api/src/hostile.test.ts',
  'apps/api/src/fuzz.test.ts',
  'packages/e2e/src/stories/pages.test.ts',
]

/** Projects whose files take long, in the order in which they are begun; all others come after them. */
const FIRST = ['standalone', 'e2e', 'api', 'worker', 'cli', 'db', 'sdk']

/**
 * What takes long comes first, and the files of a project one after the other: a worker that is free is kept for the
 * next file only if that is of the same project.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const long = LONG.indexOf(relative(import.meta.dirname, moduleId))
      if (long !== -1) return long
      const first = FIRST.indexOf(project.name)
      return LONG.length + (first === -1 ? FIRST.length : first)
    }
    // A sort that keeps the order of equals, so each project’s files stay together.
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}
