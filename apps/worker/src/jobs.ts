import type { Db } from '@posthorn/db'
import type { JobHandlers } from '@posthorn/jobs'
import { applyRetention, deleteProject, forgetInvitations, resumeDeletions } from '@posthorn/services'

/** What this worker does for each job of the catalogue. */
export const jobHandlers = (db: Db): JobHandlers => ({
  'project-deletion': ({ projectId }, signal) => deleteProject(db, projectId, { signal }),
  async housekeeping(_, signal) {
    await resumeDeletions(db)
    await forgetInvitations(db)
    await applyRetention(db, signal)
  },
})
