import { Context, toValue, type Emitter, type Liquid, type RenderOptions, type Template } from 'liquidjs'
import { characterAt } from './characters.ts'
import { plainText, SafeHtml } from './escape.ts'
import { RENDER_LIMITS } from './limits.ts'
import { at } from './liquid-mistakes.ts'
import { weightOf } from './weight.ts'

/** What one rendering may still ask for. */
export interface Allowance {
  requireTime: () => void
  weights: WeakMap<object, number>
}

/** For a rendering that begins now. Only what this thread works counts, so that nobody is refused because the machine is busy. */
export function allowance(limitMs: number): Allowance {
  const before = process.threadCpuUsage()
  let until = performance.now() + limitMs
  const requireTime = () => {
    if (performance.now() <= until) return
    const { user, system } = process.threadCpuUsage(before)
    const leftMs = limitMs - (user + system) / 1000
    if (leftMs <= 0) throw new RangeError(`It takes longer than ${RENDER_LIMITS.renderMs} ms.`)
    until = performance.now() + leftMs
  }
  return { requireTime, weights: new WeakMap() }
}

const PLACE = /^\d+$/

/** What one rendering knows. The time is looked at whenever a value is. */
export class RenderContext extends Context {
  readonly #allowance: Allowance

  constructor(
    values: object,
    { opts, allowed, ...given }: RenderOptions & { opts: Context['opts']; allowed: Allowance },
    of: ConstructorParameters<typeof Context>[3],
  ) {
    super(values, opts, given, of)
    this.#allowance = allowed
  }

  override readProperty(...[scope, key]: Parameters<Context['readProperty']>): unknown {
    this.requireTime()
    // A text has nothing of its own, other than what JavaScript would read of an object.
    const given: unknown = scope
    const read = given instanceof SafeHtml ? given.text : given
    const place = toValue(key) as unknown // Its type says nothing.
    if (typeof read === 'string' && PLACE.test(plainText(place))) return characterAt(read, Number(place))
    return super.readProperty(read as typeof scope, key)
  }

  override spawn(scope: object = {}): RenderContext {
    const { opts, globals, sync, strictVariables, ownPropertyOnly, memoryLimit, renderLimit } = this
    const given = { opts, globals, sync, strictVariables, ownPropertyOnly, allowed: this.#allowance }
    return new RenderContext(scope, given, { memoryLimit, renderLimit, liquid: this.liquid as Liquid }) // Safe because whoever renders names it.
  }

  requireTime(): void {
    this.#allowance.requireTime()
  }

  /** Refuses a value that is larger than what filters and comparisons can go through in no time. */
  requireModest(value: unknown): void {
    if (weightOf(value, this.#allowance.weights) > RENDER_LIMITS.valueUnits) throw new Error(TOO_LARGE)
  }
}

const TOO_LARGE = 'It makes too much: a loop is too long, or a text too large.'

/** Takes what templates write, up to a length. */
class Writer implements Emitter {
  buffer = ''
  readonly #limit: number
  readonly #refusal: string
  constructor(limit: number, refusal: string) {
    this.#limit = limit
    this.#refusal = refusal
  }
  write(text: unknown): void {
    this.buffer += typeof text === 'string' ? text : plainText(text)
    if (this.buffer.length > this.#limit) throw new Error(this.#refusal)
  }
}

/** For all that a part of a template writes. */
const forOutput = () =>
  new Writer(RENDER_LIMITS.outputChars, `It makes more than ${RENDER_LIMITS.outputChars} characters.`)

/** For what becomes a value. */
export const forValue = (): Emitter => new Writer(RENDER_LIMITS.valueUnits, TOO_LARGE)

/** Renders as liquidjs does; in addition each mistake, and each limit, has the place of the tag where it was met. */
export function* renderTemplates(
  templates: readonly Template[],
  context: RenderContext,
  emitter: Emitter = forOutput(),
): Generator<unknown, string> {
  context.requireTime()
  for (const template of templates) {
    try {
      const text = yield template.render(context, emitter)
      if (text !== undefined && text !== '') emitter.write(text)
      context.requireTime()
    } catch (error) {
      throw at(template.token, error)
    }
    if (context.breakCalled || context.continueCalled) break
  }
  return emitter.buffer
}
