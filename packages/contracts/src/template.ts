import { z } from 'zod'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'
import { EmailAddress, Id, Json, Timestamp } from './primitives.ts'
import { ID_FORM } from './template-names.ts'
import { declaredVariables, TemplateVariable } from './template-variables.ts'

/** What a template is for, which decides who gets it. Plunk's words, in capitals as there. */
export const TemplateType = z.enum(['TRANSACTIONAL', 'MARKETING', 'HEADLESS']).meta({
  id: 'TemplateType',
  description:
    '`TRANSACTIONAL` reaches everyone; `MARKETING` and `HEADLESS` only contacts that are subscribed. `HEADLESS` brings its own footer.',
})

/** A name, unique in the project. */
export const templateName = headerText(LIMITS.templateNameLength)
  .refine((name) => name.trim() !== '', { error: 'A template needs a name.' })
  .refine((name) => !ID_FORM.test(name.trim()), {
    error:
      'A name may not look like an id (a UUID): a send that means the template of that id could get this one; pick another name.',
  })

const Design = z
  .record(z.string(), Json)
  .refine((design) => new TextEncoder().encode(JSON.stringify(design)).length <= LIMITS.templateDesignBytes, {
    error: `At most ${LIMITS.templateDesignBytes} bytes as JSON.`,
  })
  .meta({ id: 'TemplateDesign', description: 'The document of an editor. Posthorn keeps it, and reads nothing in it.' })

/** What a version is made of. */
export const content = {
  subject: headerText(LIMITS.subjectLength).regex(/\S/, { error: 'A subject is needed.' }),
  body: z
    .string()
    .max(LIMITS.templateBodyLength, { error: `At most ${LIMITS.templateBodyLength} characters.` })
    .regex(/\S/, { error: 'A body is needed.' })
    .describe('HTML or MJML, with Liquid in it. MJML is known by its first element, `<mjml>`.'),
  design: Design.nullable()
    .optional()
    .describe('What an editor made the `body` of, to open it again. A `body` that comes without one has none.'),
  text: z
    .string()
    .max(LIMITS.templateBodyLength)
    .nullable()
    .optional()
    .describe('The text part, with Liquid in it. Null or left out: it is made of the HTML.'),
  from: EmailAddress.nullable()
    .optional()
    .describe('The sender. Null: whom the request names, or the project’s default.'),
  fromName: headerText(LIMITS.displayNameLength).nullable().optional(),
  replyTo: EmailAddress.nullable().optional(),
  variables: declaredVariables
    .optional()
    .describe('The values that the template is given, beside what contacts have. Left out: none are declared.'),
}

/** What is of the template and not of a version. */
export const about = {
  name: templateName.describe('Unique in the project; a send can name the template by it.'),
  description: z.string().max(LIMITS.templateDescriptionLength).nullable().optional(),
  type: TemplateType,
}

/** Of what brings new content. */
export const publish = z
  .boolean()
  .optional()
  .describe('False keeps the content as a draft, which nobody is sent. Left out: it is published at once.')

/** What a change was made on. */
export const ifRevision = z
  .string()
  .regex(/^[\w-]{43}$/, { error: 'Expected the `revision` of a template.' })
  .optional()
  .describe(
    'The `revision` that this was made on. Where the content is another by now, it is refused with `TEMPLATE_CHANGED`. Left out: it wins.',
  )

export const TemplateSummary = z.object({
  id: Id,
  name: z.string(),
  description: z.string().nullable(),
  type: TemplateType,
  subject: z.string(),
  publishedVersion: z.int().nullable().describe('The version that is sent; null: none yet.'),
  draftVersion: z.int().nullable().describe('The version that waits to be published; null: none.'),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})

export const Template = TemplateSummary.extend({
  version: z.int().describe('The version that the content here is of.'),
  revision: z
    .string()
    .describe('Another one for other content, also where a draft was written over: see `ifRevision`.'),
  body: z.string(),
  design: z
    .record(z.string(), Json)
    .nullable()
    .describe('What an editor made the body of; null: it was written by hand.'),
  text: z.string().nullable(),
  from: z.string().nullable(),
  fromName: z.string().nullable(),
  replyTo: z.string().nullable(),
  variables: z.array(TemplateVariable),
}).meta({ id: 'Template', description: 'A template, with the content of one of its versions.' })

export const TemplateVersion = z
  .object({
    version: z.int(),
    subject: z.string(),
    isPublished: z.boolean().describe('Whether this is the version that is sent.'),
    isDraft: z.boolean(),
    createdAt: Timestamp,
    publishedAt: Timestamp.nullable().describe('When it was first published.'),
    createdBy: z.string().nullable().describe('The name of the person or key that wrote it.'),
  })
  .meta({ id: 'TemplateVersion', description: 'One state of a template. What was published never changes.' })

const WarningCode = z.enum([
  'unknown-variable',
  'missing-value',
  'missing-alt',
  'no-unsubscribe-link',
  'no-postal-address',
  'clipped-by-gmail',
])

export const RenderedTemplate = z
  .object({
    subject: z.string(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    warnings: z.array(z.object({ code: WarningCode, message: z.string() })),
  })
  .meta({ id: 'RenderedTemplate', description: 'The mail that a recipient would get, and what to look at before.' })
