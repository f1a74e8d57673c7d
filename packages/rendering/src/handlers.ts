import { filters, type Liquid } from 'liquidjs'
import type { RenderContext } from './render.ts'

/** What liquidjs gives a filter as its `this`. */
export interface FilterThis {
  context: RenderContext
  liquid: Liquid
}

export type Handler = (this: FilterThis, value: unknown, ...args: unknown[]) => unknown

/** How liquidjs runs one of its own filters. */
export function handlerOf(name: string): Handler {
  const handler = (filters as Record<string, unknown>)[name]
  if (typeof handler !== 'function') throw new Error(`There is no way to run the filter ${name}`)
  return handler as Handler // Safe because every filter is called like this.
}
