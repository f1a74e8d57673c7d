import type { Db } from '@posthorn/db'
import type { JobHandlers } from '@posthorn/jobs'
import {
  applyRetention,
  deleteProject,
  forgetDeletedProjects,
  forgetImports,
  forgetInvitations,
  forgetProjectJobs,
  resumeDeletions,
  resumeProjectJobs,
  runProjectJob,
  tidyStats,
  TURN_SECONDS,
} from '@posthorn/services'

/** What this worker does for each job of the catalogue. */
export const jobHandlers = (db: Db): JobHandlers => ({
  'project-deletion': ({ projectId }, signal) => deleteProject(db, projectId, { signal }),
  'project-job': (which, signal) => runProjectJob(db, which, { signal, turnSeconds: TURN_SECONDS }),
  async housekeeping(_, signal) {
    await resumeDeletions(db)
    await resumeProjectJobs(db)
    await forgetInvitations(db)
    await forgetProjectJobs(db, signal)
    await forgetImports(db, signal)
    await applyRetention(db, signal)
    await tidyStats(db, signal)
    await forgetDeletedProjects(db, signal)
  },
})
