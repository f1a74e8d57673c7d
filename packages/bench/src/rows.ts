export const parts = [
  'memory',
  'accept',
  'batch',
  'track',
  'drain',
  'latency',
  'statements',
  'render',
  'contacts',
  'imports',
] as const
export type Part = (typeof parts)[number]

/** A ratio is held against one peer; a bound is held against Posthorn's own number. */
export type Target = { atLeast: number } | { below: number } | { above: number }

export type Row = {
  key: string
  part: Part
  row: string
  unit: string
  better: 'more' | 'less'
  own?: Target
  careful?: Target
  bullmq?: Target
}

/** Everything that is reported, in the order of the table. */
export const rows: Row[] = [
  {
    key: 'acceptPerSecond',
    part: 'accept',
    row: 'accept, 50 connections',
    unit: 'req/s',
    better: 'more',
    careful: { atLeast: 4 },
    bullmq: { atLeast: 0.5 },
  },
  { key: 'acceptP50', part: 'accept', row: 'accept p50', unit: 'ms', better: 'less' },
  { key: 'acceptP99', part: 'accept', row: 'accept p99', unit: 'ms', better: 'less', own: { below: 25 } },
  { key: 'batchPerSecond', part: 'batch', row: 'accept, batches of 100', unit: 'mails/s', better: 'more' },
  {
    key: 'trackPerSecond',
    part: 'track',
    row: 'track, 50 connections',
    unit: 'req/s',
    better: 'more',
    careful: { atLeast: 2 },
  },
  { key: 'trackP99', part: 'track', row: 'track p99', unit: 'ms', better: 'less' },
  {
    key: 'drainPerSecond',
    part: 'drain',
    row: 'drain',
    unit: 'mails/s',
    better: 'more',
    careful: { atLeast: 3 },
    bullmq: { atLeast: 2 },
  },
  { key: 'latencyP50', part: 'latency', row: 'idle: accept to sink p50', unit: 'ms', better: 'less' },
  {
    key: 'latencyP95',
    part: 'latency',
    row: 'idle: accept to sink p95',
    unit: 'ms',
    better: 'less',
    own: { below: 100 },
  },
  { key: 'memory', part: 'memory', row: 'idle memory', unit: 'MB', better: 'less', own: { below: 350 } },
  { key: 'acceptStatements', part: 'statements', row: 'SQL per accept', unit: 'statements', better: 'less' },
  { key: 'acceptWal', part: 'statements', row: 'WAL per accept', unit: 'bytes', better: 'less' },
  { key: 'drainStatements', part: 'statements', row: 'SQL per drained mail', unit: 'statements', better: 'less' },
  { key: 'drainWal', part: 'statements', row: 'WAL per drained mail', unit: 'bytes', better: 'less' },
  { key: 'renderCompile', part: 'render', row: 'read a template', unit: 'µs', better: 'less' },
  {
    key: 'renderFill',
    part: 'render',
    row: 'fill in 21 values',
    unit: 'µs',
    better: 'less',
    own: { below: 100 },
  },
  { key: 'renderMail', part: 'render', row: 'the same with subject and text', unit: 'µs', better: 'less' },
  {
    key: 'contactsFirst',
    part: 'contacts',
    row: 'contacts: first page',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsPart',
    part: 'contacts',
    row: 'contacts: part of an address, many',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsRarePart',
    part: 'contacts',
    row: 'contacts: part of an address, one',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsAddress',
    part: 'contacts',
    row: 'contacts: a whole address',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsLikePart',
    part: 'contacts',
    row: 'contacts: part of an address, none, much alike',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsNoPart',
    part: 'contacts',
    row: 'contacts: part of an address, none',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsValue',
    part: 'contacts',
    row: 'contacts: value of a field, many',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  {
    key: 'contactsRareValue',
    part: 'contacts',
    row: 'contacts: value of a field, one',
    unit: 'ms',
    better: 'less',
    own: { below: 50 },
  },
  { key: 'importUpload', part: 'imports', row: 'import: upload', unit: 'rows/s', better: 'more' },
  {
    key: 'importNew',
    part: 'imports',
    row: 'import: new contacts',
    unit: 'rows/s',
    better: 'more',
    own: { above: 20_000 },
  },
  { key: 'importKnown', part: 'imports', row: 'import: known contacts', unit: 'rows/s', better: 'more' },
  { key: 'importFloor', part: 'imports', row: 'import: the rows alone', unit: 'rows/s', better: 'more' },
]
