import { toValueSync, type Liquid, type Template } from 'liquidjs'
import { SURROUNDINGS, type Surroundings } from './date-filters.ts'
import { htmlEngine, plainEngine } from './engine.ts'
import { RENDER_LIMITS } from './limits.ts'
import { authorsMistake } from './liquid-mistakes.ts'
import { readLiquid } from './liquid-source.ts'
import { neededVariables } from './needed.ts'
import { parseTemplates, type PartKind } from './parse.ts'
import { allowance, RenderContext, renderTemplates } from './render.ts'
import { requireModestTags } from './tag-limits.ts'
import { TemplateError } from './template-error.ts'

export type Variables = Record<string, unknown>

export interface CompiledPart {
  /** The paths of the variables that it reads and does not make itself, such as `data.plan`. */
  variables: readonly string[]
  /** Those of them that are read somewhere without a fallback beside them. */
  needed(): readonly string[]
  /** Writes it out once, within the time given; what values contain is never read as a template. Throws TemplateError. */
  render(variables: Variables, surroundings: Surroundings, limitMs?: number): string
}

const engines: { html?: Liquid; plain?: Liquid } = {}

/**
 * Reads a template once, so that each message costs only its rendering. `html` escapes each value for the place where
 * it stands; `plain` writes values as they are. Throws TemplateError.
 */
export function compilePart(source: string, kind: PartKind): CompiledPart {
  if (!isTemplate(source)) return { variables: [], needed: () => [], render: () => source }
  requireModestLength(source)
  const engine = kind === 'html' ? (engines.html ??= htmlEngine()) : (engines.plain ??= plainEngine())
  const liquid = readLiquid(source)
  requireModestTags(source, liquid.gaps)
  let templates: Template[]
  let variables: string[]
  try {
    templates = parseTemplates(liquid, kind, engine)
    variables = engine.globalFullVariablesSync(templates)
  } catch (error) {
    throw authorsMistake(error, source)
  }
  return {
    variables,
    needed: () => neededVariables(templates, engine),
    render(values, surroundings, limitMs = RENDER_LIMITS.renderMs) {
      const { options: opts } = engine
      const given = { opts, globals: { [SURROUNDINGS]: surroundings }, sync: true, allowed: allowance(limitMs) }
      try {
        const context = new RenderContext(values, given, { liquid: engine })
        return toValueSync<string>(renderTemplates(templates, context))
      } catch (error) {
        throw authorsMistake(error, source)
      }
    },
  }
}

/** Whether there is anything in it to fill in. */
export const isTemplate = (source: string): boolean => source.includes('{{') || source.includes('{%')

function requireModestLength({ length }: string): void {
  const most = RENDER_LIMITS.sourceChars
  if (length > most) throw new TemplateError(`It is longer than ${most} characters.`, { line: 1, column: 1 })
}
