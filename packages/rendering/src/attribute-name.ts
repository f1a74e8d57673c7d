/** Stands in a name for what a value may add to it. */
export const ADDED = '\uE003'

/** Whatever is added to them, no mail program does anything with such attributes. */
const PLAIN_PREFIX = /^(?:data|aria)-[a-z-]*\uE003/

/** Whether it is not known what an attribute is, since a value is its name or a part of it. */
export const isNamedByValue = (attribute: string): boolean => attribute.includes(ADDED) && !PLAIN_PREFIX.test(attribute)
