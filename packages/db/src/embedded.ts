export { EmbeddedPostgresError } from './embedded/error.ts'
export {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded/start.ts'
