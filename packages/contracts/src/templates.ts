import { z } from 'zod'
import { contactData } from './contact-data.ts'
import { defineOperations } from './define.ts'
import { LIMITS } from './limits.ts'
import {
  EmailAddress,
  Id,
  Nothing,
  NumberedQuery,
  numbered,
  page,
  PageQuery,
  PLUNK_ORDER,
  Timestamp,
} from './primitives.ts'
import {
  about,
  content,
  ifRevision,
  publish,
  RenderedTemplate,
  Template,
  templateName,
  TemplateSummary,
  TemplateType,
  TemplateVersion,
} from './template.ts'

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
  data: contactData()
    .optional()
    .describe('What a send would give in its `data`; it wins over the contact’s, which stays as it is.'),
}

export const templates = defineOperations({
  list: {
    summary: 'List templates, newest first',
    scope: 'templates:read',
    rest: { method: 'GET', path: '/v1/templates' },
    input: z
      .object({
        ...PageQuery,
        ...NumberedQuery,
        search: z
          .string()
          .max(LIMITS.searchLength)
          .optional()
          .describe('Templates whose name or subject has this in it.'),
        type: TemplateType.optional(),
      })
      .meta({ id: 'ListTemplates', description: 'Which templates to list.' }),
    ignores: PLUNK_ORDER,
    output: page(TemplateSummary.meta({ id: 'TemplateSummary', description: 'A template without its content.' }))
      .extend(numbered)
      .meta({ id: 'TemplatePage', description: 'One page of templates, newest first.' }),
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
      .object({ ...One.shape, ifRevision, ...about, ...content, publish })
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
    refusals: [
      'TEMPLATE_NOT_FOUND',
      'TEMPLATE_NAME_TAKEN',
      'TEMPLATE_CHANGED',
      'TEMPLATE_INVALID',
      'SENDER_UNVERIFIED',
    ],
  },
  delete: {
    summary: 'Delete a template; mail that was accepted before is sent all the same',
    scope: 'templates:write',
    rest: { method: 'DELETE', path: '/v1/templates/{id}', status: 204 },
    input: One.meta({ id: 'DeleteTemplate' }),
    output: Nothing,
    refusals: NOT_FOUND,
  },
  bulkUpdate: {
    summary: 'Delete several templates, all or none; mail that was accepted before is sent all the same',
    description: 'As clients of Plunk do it. Where one of them is not there, nothing is deleted.',
    scope: 'templates:write',
    rest: { method: 'POST', path: '/v1/templates/bulk-update' },
    input: z
      .object({
        ids: z
          .array(Id)
          .min(1)
          .max(LIMITS.templatesPerBulk, { error: `At most ${LIMITS.templatesPerBulk} ids.` })
          .describe('The ids of the templates.'),
        delete: z
          .literal(true, { error: 'Only `true` is taken: to delete is all that is done to several at once.' })
          .describe('What to do to them.'),
      })
      .meta({ id: 'BulkUpdateTemplates', description: 'Which templates to delete.' }),
    output: z
      .object({ deleted: z.int().describe('How many were deleted.') })
      .meta({ id: 'TemplatesDeleted', description: 'What became of the templates.' }),
    refusals: NOT_FOUND,
  },
  duplicate: {
    summary: 'Copy a template under a new name, with its newest content: published, or a draft where that is one',
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
      ifRevision,
    }).meta({ id: 'PublishTemplate', description: 'Which version to send from now on.' }),
    output: Template,
    refusals: ['TEMPLATE_NOT_FOUND', 'NO_SUCH_VERSION', 'TEMPLATE_CHANGED'],
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
