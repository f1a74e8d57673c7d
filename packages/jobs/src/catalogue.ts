import { z } from 'zod'

/**
 * Everything that is done in the background beside mail: what each job is told, and how it is run. A job may be killed
 * at any line and is then run again, so each handler goes on from what it finds.
 */
export const JOBS = {
  /** Deletes what a dead project leaves behind, and then the project. */
  'project-deletion': {
    payload: z.object({ projectId: z.uuid() }),
    options: {
      // At most one of a project waits or runs.
      policy: 'exclusive',
      retryLimit: 10_000,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: 30,
      expireInSeconds: 82_800,
      deleteAfterSeconds: 604_800,
      notify: true,
    },
    key: ({ projectId }: { projectId: string }): string => projectId,
  },
  /** Does a part of one of the long pieces of work that a project asked for, whatever its kind. */
  'project-job': {
    payload: z.object({
      projectId: z.uuid(),
      jobId: z.uuid(),
      /** Two take turns, so that one can be queued by the other. */
      part: z.int().min(0).max(1).default(0),
      /** When its turn is, in seconds since 1970. */
      due: z.int().default(0),
    }),
    options: {
      // At most one of each part waits or runs.
      policy: 'exclusive',
      retryLimit: 10_000,
      retryDelay: 2,
      retryBackoff: true,
      retryDelayMax: 300,
      heartbeatSeconds: 30,
      expireInSeconds: 82_800,
      deleteAfterSeconds: 86_400,
      notify: true,
    },
    key: ({ jobId, part }: { jobId: string; part: number }): string => `${jobId} ${part}`,
    // So that nobody's million of contacts keeps others waiting for their ten.
    due: ({ due }: { due: number }): number => due,
    atOnce: 4,
    group: { of: ({ projectId }: { projectId: string }): string => projectId, atOnce: 2 },
  },
  /** Deletes what has had its time, as each project wishes, and sees that no deletion was forgotten. */
  housekeeping: {
    payload: z.object({}),
    options: {
      policy: 'exclusive',
      retryLimit: 3,
      retryDelay: 60,
      heartbeatSeconds: 30,
      expireInSeconds: 82_800,
      deleteAfterSeconds: 86_400,
      notify: true,
    },
    key: (): string => 'all',
    cron: '23 * * * *',
  },
} as const satisfies Record<string, JobDefinition>

/** What pg-boss is told of a queue; its tables are made with the same words by the migration. */
export interface QueueOptions {
  policy: 'exclusive'
  retryLimit: number
  retryDelay: number
  retryBackoff?: boolean
  retryDelayMax?: number
  heartbeatSeconds: number
  expireInSeconds: number
  deleteAfterSeconds: number
  notify: boolean
}

export interface JobDefinition {
  payload: z.ZodObject
  options: QueueOptions
  /** Of two jobs with the same key, one that comes while the other waits or runs is dropped. */
  key: (payload: never) => string
  /** Of those that wait, the one that was due first is done first; where nothing is said, the one that was queued first. */
  due?: (payload: never) => number
  /** How many a worker does at the same time; one, where nothing is said. */
  atOnce?: number
  /** Which jobs belong together, and how many of these a worker does at the same time. */
  group?: { of: (payload: never) => string; atOnce: number }
  /** When it is queued by itself, in UTC. */
  cron?: string
}

export type JobName = keyof typeof JOBS
/** What a job is told by those that queue it. */
export type JobInput<Name extends JobName> = z.input<(typeof JOBS)[Name]['payload']>
export type JobPayload<Name extends JobName> = z.output<(typeof JOBS)[Name]['payload']>

export const JOB_NAMES = Object.keys(JOBS) as JobName[] // Safe because these are its keys.
