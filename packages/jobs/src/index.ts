export { JOB_NAMES, JOBS, type JobInput, type JobName, type JobPayload, type QueueOptions } from './catalogue.ts'
export { enqueueJob, JOBS_SCHEMA } from './enqueue.ts'
export { startJobs, type JobHandlers, type JobRunner, type JobRunnerOptions } from './run.ts'
