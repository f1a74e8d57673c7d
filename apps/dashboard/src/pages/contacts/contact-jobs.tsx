import { countedBy, ProjectJobs, type Job } from '../../shell/project-jobs.tsx'

const TITLES = {
  'contacts.subscribe': 'Subscribing contacts',
  'contacts.unsubscribe': 'Unsubscribing contacts',
  'contacts.delete': 'Deleting contacts',
  'contacts.erase': 'Erasing a person',
}

/** How far the jobs are that work on many contacts. */
export const ContactJobs = ({ started }: { started: string | undefined }) => (
  <ProjectJobs titles={TITLES} started={started} resultOf={resultOf} />
)

function resultOf(job: Job): string {
  if (job.kind === 'contacts.erase')
    return `Done: ${countedBy(job, 'mails')} mails and ${countedBy(job, 'events')} events are gone.`
  const [changed, unchanged, missing] = ['successCount', 'unchangedCount', 'failureCount'].map((name) =>
    countedBy(job, name),
  )
  const parts = [
    `Done: ${changed} changed`,
    ...(unchanged ? [`${unchanged} were so already`] : []),
    ...(missing ? [`${missing} were not found`] : []),
  ]
  return `${parts.join(', ')}.`
}
