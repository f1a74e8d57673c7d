import type { Machine } from './machine.ts'
import { peerNames, type ReportedRow } from './report.ts'

const headings = ['', 'unit', 'Posthorn', '(a) pg-boss', 'ratio', '(b) BullMQ', 'ratio', 'targets']

/** The report as a person reads it: one line for each number, both peers beside Posthorn. */
export function table(reported: ReportedRow[]): string {
  const names = [...new Set(reported.map(({ row }) => row))]
  const lines = names.map((name) => {
    const [a, b] = peerNames.map((peer) => reported.find((row) => row.row === name && row.peer === peer))
    const own = a ?? b
    return [
      name,
      own?.unit ?? '',
      number(own?.posthorn),
      number(a?.peerValue),
      ratio(a),
      number(b?.peerValue),
      ratio(b),
      targets(a, b),
    ]
  })
  const all = [headings, ...lines]
  const widths = headings.map((_, column) => Math.max(...all.map((line) => (line[column] ?? '').length)))
  return all
    .map((line) =>
      line
        .map((cell, column) => pad(cell, column, widths))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function pad(cell: string, column: number, widths: number[]): string {
  const width = widths[column] ?? 0
  return column < 2 || column === headings.length - 1 ? cell.padEnd(width) : cell.padStart(width)
}

function targets(a?: ReportedRow, b?: ReportedRow): string {
  const same = a?.target === b?.target
  const shown = same ? [target(a, '')] : [target(a, '(a) '), target(b, '(b) ')]
  return shown.filter((text) => text !== '').join(', ')
}

function target(row: ReportedRow | undefined, of: string): string {
  if (row === undefined || row.target === null) return ''
  const verdict = row.met === null ? '' : row.met ? ' met' : ' missed'
  return `${of}${row.target}${verdict}`
}

function ratio(row: ReportedRow | undefined): string {
  return row === undefined || row.ratio === null ? '–' : `${number(row.ratio)}×`
}

function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value.toLocaleString('en', {
    maximumSignificantDigits: value >= 100 ? 6 : 3,
    maximumFractionDigits: 0,
    roundingPriority: value >= 100 ? 'lessPrecision' : 'morePrecision',
  })
}

/** What was measured where, and with what. */
export function heading(machine: Machine): string {
  const { limits } = machine
  return [
    `${machine.at}  ${machine.system}, ${machine.cores} × ${machine.processor}, ${machine.memoryMb} MB`,
    `Node ${machine.node}, PostgreSQL ${machine.postgres} (fsync on; fdatasync ${limits.fdatasyncMs.toFixed(2)} ms), load before: ${machine.loadBefore.toFixed(2)}`,
    `Instruments: sink ${machine.sink}, at most ${rounded(limits.sinkPerSecond)} mails/s; load generator at most ${rounded(limits.generatorPerSecond)} req/s`,
  ].join('\n')
}

const rounded = (value: number) => Math.round(value).toLocaleString('en')
