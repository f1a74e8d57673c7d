import { Value, type Liquid, type Template } from 'liquidjs'

/** The paths of the variables that are read somewhere with nothing that stands in their place where they have no value. */
export const neededVariables = (templates: readonly Template[], engine: Liquid): string[] =>
  engine.globalFullVariablesSync(templates.map(withoutFallbacks))

/** The template as one that does not read what has a fallback of its own. It is there to be looked at, not rendered. */
function withoutFallbacks(template: Template): Template {
  const looked = Object.create(template) as Template // Safe because it has all that the template has.
  return Object.assign(looked, {
    *arguments() {
      for (const argument of template.arguments?.() ?? []) yield hasFallback(argument) ? fallbackOf(argument) : argument
    },
    ...(template.children && {
      *children(...asked: [boolean, boolean]): Generator<unknown, Template[]> {
        const children = (yield template.children?.(...asked)) as Template[] // Safe because that is what it answers.
        return children.map(withoutFallbacks)
      },
    }),
  })
}

const FALLBACKS = new Set(['default', 'or_else'])

const hasFallback = (argument: unknown): argument is Value =>
  argument instanceof Value && argument.filters.some(({ name, args }) => FALLBACKS.has(name) && args.length > 0)

/** Its filters alone, which may read variables as well. */
function fallbackOf(value: Value): Value {
  const rest = Object.create(value) as Value // Safe because it has all that the value has.
  return Object.assign(rest, { initial: { postfix: [] } })
}
