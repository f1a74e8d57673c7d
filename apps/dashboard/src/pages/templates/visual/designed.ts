import { writeDesign, type DesignNode } from './design.ts'
import { toMjml } from './to-mjml.ts'

/** A body, and the design that it was made of, as JSON. */
export interface Designed {
  body: string
  design: string
}

export const designed = (document: DesignNode): Designed => ({ body: toMjml(document), design: writeDesign(document) })
