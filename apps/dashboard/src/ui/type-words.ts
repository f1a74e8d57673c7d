import type { WireOutput } from '@posthorn/contracts'

type Type = WireOutput<'contacts', 'fields'>['fields'][number]['type']

/** What the types of values are called. */
export const TYPE_WORDS: Record<Type, string> = {
  string: 'Text',
  number: 'Number',
  boolean: 'Yes or no',
  date: 'Date',
  list: 'List',
  object: 'Object',
}
