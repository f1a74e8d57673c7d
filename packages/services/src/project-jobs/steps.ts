import type { JobKind } from '@posthorn/contracts'
import { deleteStep, subscribeStep, unsubscribeStep } from '../contacts/bulk.ts'
import { deleteFieldStep } from '../contacts/fields-delete.ts'
import { importStep } from '../imports/step.ts'
import { deleteEventsStep } from '../events/delete.ts'
import { eraseStep } from '../person/erase-step.ts'
import type { DoStep } from './step.ts'

/** What does the work of each kind. */
export const JOB_STEPS: Record<JobKind, DoStep> = {
  'contacts.subscribe': subscribeStep,
  'contacts.unsubscribe': unsubscribeStep,
  'contacts.delete': deleteStep,
  'contacts.erase': eraseStep,
  'contacts.delete-field': deleteFieldStep,
  'contacts.import': importStep,
  'events.delete': deleteEventsStep,
}
