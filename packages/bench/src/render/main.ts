import { compileTemplate, variablesOf } from '@posthorn/rendering'
import { z } from 'zod'
import { contenderNames } from '../contender.ts'
import { engines } from './engines.ts'
import { template, valuesFor } from './template.ts'

const { name, times } = z
  .object({ name: z.enum(contenderNames), times: z.int() })
  .parse(JSON.parse(process.argv[2] ?? '{}'))

/** Processor time of a call in µs, after as many that warm it up. */
function microseconds(times: number, work: (index: number) => unknown): number {
  for (let index = 0; index < times; index++) work(index)
  const begun = process.cpuUsage()
  for (let index = 0; index < times; index++) work(index)
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / times
}

const fill = engines[name](template)
const measured: Record<string, number> = {
  renderCompile: microseconds(times / 10, (index) => engines[name](`${template}${index}`)),
  renderFill: microseconds(times, (index) => fill(valuesFor(index))),
}
if (name === 'posthorn') {
  const mail = compileTemplate({ subject: 'For {{ name }}', html: template, text: null })
  const surroundings = { timeZone: 'UTC', now: new Date(0) }
  const contact = { id: 'c', email: 'ada@example.com', subscribed: true }
  measured['renderMail'] = microseconds(times, (index) =>
    mail.render(variablesOf({ contact: { ...contact, data: valuesFor(index) } }), surroundings),
  )
}
process.stdout.write(JSON.stringify(measured))
