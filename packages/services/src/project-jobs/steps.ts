import type { JobKind } from '@posthorn/contracts'
import { deleteStep, subscribeStep, unsubscribeStep } from '../contacts/bulk.ts'
import { deleteEventsStep } from '../events/delete.ts'
import type { DoStep } from './step.ts'

/** What does the work of each kind. */
export const JOB_STEPS: Record<JobKind, DoStep> = {
  'contacts.subscribe': subscribeStep,
  'contacts.unsubscribe': unsubscribeStep,
  'contacts.delete': deleteStep,
  'events.delete': deleteEventsStep,
}
