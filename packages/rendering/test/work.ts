import { TemplateError } from '../src/template-error.ts'

/** What this thread worked for it, so that others on the machine do not count. That a template is refused is as good as that it is done. */
export function workMs(work: () => unknown): number {
  const before = process.threadCpuUsage()
  try {
    work()
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
  }
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1000
}
