import { compilePart } from '@posthorn/rendering'
import Handlebars from 'handlebars'
import type { ContenderName } from '../contender.ts'

/** Reads a template, and answers what fills it in. */
type Engine = (template: string) => (values: Record<string, string>) => string

/** How each contender fills in a mail. */
export const engines: Record<ContenderName, Engine> = {
  posthorn(template) {
    const part = compilePart(template, 'html')
    const surroundings = { timeZone: 'UTC', now: new Date(0) }
    return (values) => part.render(values, surroundings)
  },
  careful(template) {
    const fill = Handlebars.compile(template)
    // It is read when it is first filled in.
    fill({})
    return fill
  },
  // No reading, no conditions and no escaping: as little as it can cost.
  bullmq: (template) => (values) => template.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => values[name] ?? ''),
}
