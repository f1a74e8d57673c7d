import { LIMITS, type Input, type Output } from '@posthorn/contracts'
import { fieldOfVariable } from '@posthorn/rendering'
import { sql } from 'kysely'
import type { StoredVariable } from '@posthorn/db/tables/templates'
import type { Context } from '../context.ts'
import { unhurried } from '../emails/render-budget.ts'
import { refusingMistakes } from '../templates/refusals.ts'
import { countOfField } from './field-counts.ts'
import { fieldName } from './filter.ts'

interface Candidate {
  id: string
  name: string
  subject: string
  html: string
  text: string | null
  variables: StoredVariable[]
}

/** Who has a field, and which templates would miss it. */
export async function fieldUsage(
  ctx: Context,
  { field }: Input<'contacts', 'fieldUsage'>,
): Promise<Output<'contacts', 'fieldUsage'>> {
  const { db, actor, runtime } = ctx
  const { projectId } = actor
  const name = fieldName(field)
  const { rows } = await sql<Candidate>`
    select templates.id, templates.name, subject, html, text, variables
    from templates join template_versions version
      on version.project_id = templates.project_id and version.template_id = templates.id
        and version.number in (templates.published_version, templates.draft_version)
    where templates.project_id = ${projectId}
      and (strpos(subject, ${name}) > 0 or strpos(html, ${name}) > 0 or strpos(text, ${name}) > 0
        or variables @> ${JSON.stringify([{ name }])}::jsonb)
    order by templates.name limit ${LIMITS.templatesLookedAt + 1}
  `.execute(db)
  const isComplete = rows.length <= LIMITS.templatesLookedAt
  const names = ({ subject, html, text, variables }: Candidate) =>
    variables.some((variable) => variable.name === name) ||
    runtime.compileTemplate({ subject, html, text }).variables.some((path) => fieldOfVariable(path) === name)
  const pace = unhurried(ctx)
  const naming: Candidate[] = []
  for (const candidate of rows.slice(0, LIMITS.templatesLookedAt)) {
    if (await refusingMistakes(() => pace(() => names(candidate)))) naming.push(candidate)
  }
  return {
    field: `data.${name}`,
    contactCount: await countOfField(db, { projectId, name }),
    usedInTemplates: [...new Map(naming.map(({ id, name }) => [id, { id, name }])).values()],
    isComplete,
    usedInSegments: [],
    usedInCampaigns: [],
    canDelete: true,
  }
}
