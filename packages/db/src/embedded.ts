export { EmbeddedPostgresError } from './embedded/error.ts'
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded/start.ts'
