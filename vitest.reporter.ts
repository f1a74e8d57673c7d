import type { Reporter } from 'vitest/node'

/** Ends the output with one line that counts, for people and for machines. */
export default class ClosingLine implements Reporter {
  #begun = performance.now()

  onTestRunStart(): void {
    this.#begun = performance.now()
  }

  onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (modules, unhandledErrors) => {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        counts[state === 'pending' ? 'skipped' : state] += 1
      }
      // A file that could not be loaded, or whose hook failed, has failed even if none of its tests has.
      for (const broken of [module, ...module.children.allSuites()]) counts.failed += broken.errors().length
    }
    const seconds = Math.round((performance.now() - this.#begun) / 1000)
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`)
  }
}
