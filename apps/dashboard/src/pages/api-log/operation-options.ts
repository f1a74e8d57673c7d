import { operationList } from '@posthorn/contracts'

/** Any operation that a key can call. Brings all contracts along. */
export const OPERATIONS = operationList.map(({ name }) => ({ value: name, label: name }))
