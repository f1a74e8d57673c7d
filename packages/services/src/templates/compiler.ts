import { compileTemplate, type CompiledTemplate, type TemplateSource } from '@posthorn/rendering'
import { LRUCache } from 'lru-cache'

/** Reads templates, each once for as long as there is room: what is sent again costs only its rendering. */
export type Compiler = (source: TemplateSource) => CompiledTemplate

/** What the sources of kept templates may measure; each takes several times that in memory. */
const KEPT_CHARS = 8 * 1024 * 1024

/** Throws PartError as `compileTemplate` does. Sources are known by what they say, so nothing kept is ever out of date. */
export function createCompiler(): Compiler {
  const kept = new LRUCache<string, CompiledTemplate>({ maxSize: KEPT_CHARS, sizeCalculation: (_, key) => key.length })
  return (source) => {
    const key = JSON.stringify([source.subject, source.html, source.text])
    const known = kept.get(key)
    if (known !== undefined) return known
    const compiled = compileTemplate(source)
    kept.set(key, compiled)
    return compiled
  }
}
