import type { Tables } from '@posthorn/db'
import type { Selectable } from 'kysely'

/** A delivery attempt as the API has it. */
export const presentAttempt = (row: Selectable<Tables['email_attempts']>) => ({
  number: row.number,
  startedAt: row.started_at,
  durationMs: row.duration_ms,
  outcome: row.outcome,
  stage: row.stage,
  reason: row.reason,
  code: row.code,
  enhancedCode: row.enhanced_code,
  words: row.words,
  relay: row.relay,
})
