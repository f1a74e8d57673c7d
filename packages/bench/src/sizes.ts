/** How long and how often; `quick` takes about a minute for everything together. */
export const sizes = {
  full: {
    rounds: 3,
    connections: 50,
    accept: { warmMs: 2000, measureMs: 6000 },
    batch: { warmMs: 1500, measureMs: 4000, connections: 4, mails: 100 },
    drain: { warmMails: 2000, mails: 10_000 },
    idle: { settleMs: 4000, warmMails: 10, mails: 50 },
    statements: { warmMails: 1000, mails: 3000 },
    render: { times: 20_000 },
    contacts: 2_000_000,
    imports: { known: 1_000_000, rows: 200_000 },
  },
  quick: {
    rounds: 1,
    connections: 50,
    accept: { warmMs: 700, measureMs: 1800 },
    batch: { warmMs: 400, measureMs: 800, connections: 4, mails: 100 },
    drain: { warmMails: 400, mails: 1200 },
    idle: { settleMs: 1200, warmMails: 3, mails: 10 },
    statements: { warmMails: 200, mails: 600 },
    render: { times: 2_000 },
    contacts: 200_000,
    imports: { known: 100_000, rows: 40_000 },
  },
} as const satisfies Record<'full' | 'quick', Sizes>

export type Sizes = {
  rounds: number
  connections: number
  accept: { warmMs: number; measureMs: number }
  batch: { warmMs: number; measureMs: number; connections: number; mails: number }
  drain: { warmMails: number; mails: number }
  idle: { settleMs: number; warmMails: number; mails: number }
  statements: { warmMails: number; mails: number }
  render: { times: number }
  contacts: number
  imports: { known: number; rows: number }
}
