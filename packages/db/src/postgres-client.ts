import pg from 'pg'
import type { Answering } from './silence.ts'

const LONGEST_NAMED = 8_000
const MOST_NAMED = 500
const names = new Map<string, string>()

/** Texts beyond the bound stay unnamed, so that generated SQL cannot fill the server's memory with plans. */
function statementName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= MOST_NAMED || text.length > LONGEST_NAMED) return undefined
  const name = `posthorn_${names.size}`
  names.set(text, name)
  return name
}

/**
 * Names each parametrised statement, so that a connection parses and plans it once and not per call; and counts
 * statements and answers, so that a connection can be found whose server is lost. The driver's own `query_timeout`
 * would cost a timer per statement, and would leave the connection in use, with the answer still to come.
 */
export class PostgresClient extends pg.Client implements Answering {
  asked = 0
  answered = 0

  constructor(config?: string | pg.ClientConfig) {
    super(config)
    // Of a login that fails on our side, for want of a password, the driver would leave the connection open.
    this.connection.on('error', () => void this.connection.stream.destroy())
  }

  // Safe because the signature is that of the overridden method, which has too many overloads to repeat.
  override query = ((...args: unknown[]) => {
    const [text, values, ...rest] = args
    const name = typeof text === 'string' && Array.isArray(values) ? statementName(text) : undefined
    const send = super.query.bind(this) as (...args: unknown[]) => unknown
    const answer = name === undefined ? send(...args) : send({ name, text, values }, ...rest)
    if (answer instanceof Promise) {
      this.asked += 1
      answer.then(this.#heard, this.#heard)
    }
    return answer
  }) as pg.Client['query']

  readonly #heard = () => void (this.answered += 1)

  get isIdle(): boolean {
    return this.asked === this.answered && this.getTransactionStatus() === 'I'
  }

  ask(): void {
    this.query('select 1').catch(() => {})
  }

  giveUp(silentMs: number): void {
    const error = new Error(`PostgreSQL has been silent for ${silentMs / 1000} s; the connection is given up.`)
    this.connection.stream.destroy(Object.assign(error, { code: 'ETIMEDOUT' }))
  }
}
