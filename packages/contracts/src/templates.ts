import { z } from 'zod'
import { defineOperations } from './define.ts'
import { headerText } from './header-text.ts'
import { LIMITS } from './limits.ts'
import { dataRecord, EmailAddress, Id, Json, Nothing, page, PageQuery, PLUNK_PAGES, Timestamp } from './primitives.ts'

/** What a template is for, which decides who gets it. Plunk's words, in capitals as there. */
export const TemplateType = z.enum(['TRANSACTIONAL', 'MARKETING', 'HEADLESS']).meta({
  id: 'TemplateType',
  description:
    '`TRANSACTIONAL` reaches everyone; `MARKETING` and `HEADLESS` only contacts that are subscribed. `HEADLESS` brings its own footer.',
})

const templateName = headerText(LIMITS.templateNameLength).refine((name) => name.trim() !== '', {
  error: 'A template needs a name.',
})

const VARIABLE_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u

/** The kinds of values that a variable can be declared to have. */
export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'date', 'list', 'object'] as const

const TemplateVariable = z
  .object({
    name: z
      .string()
      .max(LIMITS.dataKeyLength)
      .regex(VARIABLE_NAME, { error: 'Letters, digits, - and _ only, and a letter or _ first.' }),
    type: z.enum(VARIABLE_TYPES),
    fallback: Json.optional().describe(
      'Stands for the value where a recipient has none. Left out: the value is needed.',
    ),
  })
  .meta({ id: 'TemplateVariable', description: 'A value that a template is given by whoever sends it.' })

const Design = z
  .record(z.string(), Json)
  .refine((design) => new TextEncoder().encode(JSON.stringify(design)).length <= LIMITS.templateDesignBytes, {
    error: `At most ${LIMITS.templateDesignBytes} bytes as JSON.`,
  })
  .meta({ id: 'TemplateDesign', description: 'The document of an editor. Posthorn keeps it, and reads nothing in it.' })

const content = {
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
  variables: z
    .array(TemplateVariable)
    .max(LIMITS.variablesPerTemplate)
    .refine((variables) => new Set(variables.map(({ name }) => name)).size === variables.length, {
      error: 'Each variable is declared once.',
    })
    .optional()
    .describe('The values that the template is given, beside what contacts have. Left out: none are declared.'),
}

const about = {
  name: templateName.describe('Unique in the project; a send can name the template by it.'),
  description: z.string().max(LIMITS.templateDescriptionLength).nullable().optional(),
  type: TemplateType,
}

const publish = z
  .boolean()
  .optional()
  .describe('False keeps the content as a draft, which nobody is sent. Left out: it is published at once.')

const TemplateSummary = z.object({
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

const TemplateVersion = z
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
  'missing-alt',
  'no-unsubscribe-link',
  'no-postal-address',
  'clipped-by-gmail',
])

const RenderedTemplate = z
  .object({
    subject: z.string(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    warnings: z.array(z.object({ code: WarningCode, message: z.string() })),
  })
  .meta({ id: 'RenderedTemplate', description: 'The mail that a recipient would get, and what to look at before.' })

const One = z.object({ id: Id.describe('The id of the template.') })
const NOT_FOUND = ['TEMPLATE_NOT_FOUND'] as const
/** As far as the database counts. */
const LAST_VERSION = 2 ** 31 - 1

const version = z.coerce
  .number<number>({ error: 'Expected the number of a version.' })
  .int()
  .min(1)
  .refine((number) => number <= LAST_VERSION, { error: 'There are not so many versions.' })
  .describe('The number of a version.')

const recipient = {
  contact: z
    .union([Id, EmailAddress], { error: 'Expected the id or the e-mail address of a contact.' })
    .optional()
    .describe('Whose data fills the template. Left out: nobody’s.'),
  data: dataRecord(Json).optional().describe('Values for this rendering; they win over the contact’s.'),
}

export const templates = defineOperations({
  list: {
    summary: 'List templates, newest first',
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/templates' },
    input: z
      .object({
        ...PageQuery,
        search: z
          .string()
          .max(LIMITS.searchLength)
          .optional()
          .describe('Templates whose name or subject has this in it.'),
        type: TemplateType.optional(),
      })
      .meta({ id: 'ListTemplates', description: 'Which templates to list.' }),
    ignores: PLUNK_PAGES,
    output: page(TemplateSummary.meta({ id: 'TemplateSummary', description: 'A template without its content.' })).meta({
      id: 'TemplatePage',
      description: 'One page of templates, newest first.',
    }),
  },
  create: {
    summary: 'Create a template',
    scope: 'templates:write',
    rest: { method: 'POST', path: '/v1/templates', status: 201 },
    input: z
      .object({ ...about, type: TemplateType.default('MARKETING'), ...content, publish })
      .meta({ id: 'CreateTemplate', description: 'A new template and its first content.' }),
    output: Template,
    bodyLimitBytes: LIMITS.templateRequestBytes,
    refusals: ['TEMPLATE_NAME_TAKEN', 'TEMPLATE_INVALID', 'SENDER_UNVERIFIED'],
  },
  get: {
    summary: 'Get a template with the content of one version',
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/templates/{id}' },
    input: One.extend({
      version: version.optional().describe('Left out: the draft where there is one, else the published version.'),
    }).meta({ id: 'GetTemplate' }),
    output: Template,
    refusals: NOT_FOUND,
  },
  update: {
    summary: 'Change a template; what is left out stays',
    description: 'New content makes a new version, which is published at once unless `publish` is false.',
    scope: 'templates:write',
    rest: { method: 'PATCH', path: '/v1/templates/{id}' },
    input: z
      .object({ ...One.shape, ...about, ...content, publish })
      .partial()
      .required({ id: true })
      .superRefine(({ body, design }, ctx) => {
        if (body !== undefined || design === undefined || design === null) return
        ctx.addIssue({
          code: 'custom',
          path: ['design'],
          message: 'A design comes with the `body` that was made of it.',
        })
      })
      .meta({ id: 'UpdateTemplate', description: 'What to change of a template.' }),
    output: Template,
    bodyLimitBytes: LIMITS.templateRequestBytes,
    refusals: ['TEMPLATE_NOT_FOUND', 'TEMPLATE_NAME_TAKEN', 'TEMPLATE_INVALID', 'SENDER_UNVERIFIED'],
  },
  delete: {
    summary: 'Delete a template; mail that was accepted before is sent all the same',
    scope: 'templates:write',
    rest: { method: 'DELETE', path: '/v1/templates/{id}', status: 204 },
    input: One.meta({ id: 'DeleteTemplate' }),
    output: Nothing,
    refusals: NOT_FOUND,
  },
  duplicate: {
    summary: 'Copy a template under a new name, with its newest content as a draft',
    scope: 'templates:write',
    rest: { method: 'POST', path: '/v1/templates/{id}/duplicate', status: 201 },
    input: One.extend({ name: templateName.optional().describe('Left out: the old name and “(Copy)”.') }).meta({
      id: 'DuplicateTemplate',
    }),
    output: Template,
    refusals: ['TEMPLATE_NOT_FOUND', 'TEMPLATE_NAME_TAKEN'],
  },
  publish: {
    summary: 'Publish the draft of a template, or go back to an older version',
    scope: 'templates:write',
    rest: { method: 'POST', path: '/v1/templates/{id}/publish' },
    input: One.extend({
      version: version.optional().describe('The version to send from now on. Left out: the draft.'),
    }).meta({ id: 'PublishTemplate', description: 'Which version to send from now on.' }),
    output: Template,
    refusals: ['TEMPLATE_NOT_FOUND', 'NO_SUCH_VERSION'],
  },
  versions: {
    summary: 'List the versions of a template, newest first',
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/templates/{id}/versions' },
    input: One.extend(PageQuery).meta({ id: 'ListTemplateVersions', description: 'Which versions to list.' }),
    output: page(TemplateVersion).meta({
      id: 'TemplateVersionPage',
      description: 'One page of versions, newest first.',
    }),
    refusals: NOT_FOUND,
  },
  usage: {
    summary: 'Say how much mail was sent with a template, and when last',
    description: `Counted over the last ${LIMITS.statsDetailDays} days.`,
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/templates/{id}/usage' },
    input: One.meta({ id: 'GetTemplateUsage' }),
    output: z
      .object({
        emails: z.int().describe('How much mail was accepted with it.'),
        lastUsedAt: Timestamp.nullable(),
      })
      .meta({ id: 'TemplateUsage', description: 'What a template is used for.' }),
    refusals: NOT_FOUND,
  },
  render: {
    summary: 'Show the mail that a template makes for a contact or for given data, without sending it',
    description: 'Takes a stored template, or content that is not stored yet. A send makes the very same of it.',
    scope: 'templates:read',
    rest: { method: 'POST', path: '/v1/templates/render' },
    input: z
      .object({
        template: z.string().max(LIMITS.templateNameLength).optional().describe('The id or the name of a template.'),
        version: version.optional().describe('Left out: the draft where there is one, else the published version.'),
        type: TemplateType.optional(),
        subject: z.string().max(LIMITS.subjectLength).optional(),
        body: content.body.optional(),
        text: content.text,
        variables: content.variables,
        ...recipient,
      })
      .superRefine(({ template, body, version }, ctx) => {
        const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message })
        if (template === undefined && body === undefined) refuse('template', 'Give a `template`, or content in `body`.')
        if (version !== undefined && template === undefined) refuse('version', 'A version is one of a `template`.')
      })
      .meta({
        id: 'RenderTemplate',
        description: 'What to render, and for whom. Content that is given wins over that of the template.',
      }),
    output: RenderedTemplate,
    readsByPost: true,
    bodyLimitBytes: LIMITS.templateRequestBytes,
    refusals: ['TEMPLATE_NOT_FOUND', 'NO_SUCH_VERSION', 'TEMPLATE_INVALID', 'CONTACT_NOT_FOUND'],
  },
  sendTest: {
    summary: 'Send a version of a template to an address, with [TEST] before its subject',
    description: 'It is filled as `render` fills it, also where a value is missing.',
    scope: 'emails:send',
    rest: { method: 'POST', path: '/v1/templates/{id}/test', status: 202 },
    input: One.extend({ to: EmailAddress, version: version.optional(), ...recipient }).meta({
      id: 'SendTestTemplate',
      description: 'To whom to send the test, and whose data to fill in.',
    }),
    output: z
      .object({ email: Id.describe('The id of the email.'), captured: z.boolean() })
      .meta({ id: 'TestEmail', description: 'The test mail that was accepted.' }),
    refusals: ['TEMPLATE_NOT_FOUND', 'NO_SUCH_VERSION', 'CONTACT_NOT_FOUND', 'SENDER_UNVERIFIED'],
  },
})
