import { readHtml } from './read-html.ts'
import { withoutLiquid } from './rewrite.ts'

const IMAGES = new Set(['mj-image', 'mj-carousel-image'])

/**
 * How many pictures of an MJML document are given no text. The HTML does not tell: of each of them MJML writes `alt=""`, by
 * which an author would say that it is decoration.
 */
export function mjmlImagesWithoutText(mjml: string): number {
  const bare: { name: string; classes: string[] }[] = []
  /** Elements and classes that are given one in `mj-attributes`. */
  const defaults = { names: new Set<string>(), classes: new Set<string>() }
  let isDefault = false
  readHtml(
    withoutLiquid(mjml).text,
    {
      onopentag(name, { alt, name: named, 'mj-class': classes = '' }) {
        if (name === 'mj-attributes') isDefault = true
        else if (isDefault && alt !== undefined) {
          if (name === 'mj-class' && named !== undefined) defaults.classes.add(named)
          else defaults.names.add(name)
        } else if (!isDefault && IMAGES.has(name) && alt === undefined) {
          bare.push({ name, classes: classes.split(/\s+/) })
        }
      },
      onclosetag(name) {
        if (name === 'mj-attributes') isDefault = false
      },
    },
    { recognizeSelfClosing: true },
  )
  if (defaults.names.has('mj-all')) return 0
  return bare.filter(
    ({ name, classes }) => !defaults.names.has(name) && !classes.some((one) => defaults.classes.has(one)),
  ).length
}
