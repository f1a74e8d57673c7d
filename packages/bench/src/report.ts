import type { ContenderName } from './contender.ts'
import type { Machine } from './machine.ts'
import { rows, type Part, type Row, type Target } from './rows.ts'

/** The medians of a run, and for each part that a contender could not be measured in the sentence why. */
export type Results = {
  values: Partial<Record<ContenderName, Record<string, number>>>
  absences: Partial<Record<ContenderName, Partial<Record<Part, string>>>>
}

export type ReportedRow = {
  row: string
  unit: string
  posthorn: number | null
  peer: PeerName
  peerValue: number | null
  /** How many times better Posthorn is, whichever direction is the better one. */
  ratio: number | null
  target: string | null
  met: boolean | null
  note?: string
}

export const peerNames = ['careful', 'bullmq'] as const
type PeerName = (typeof peerNames)[number]

/** One row for each number and peer. */
export function reportedRows(results: Results, measured: readonly Row[] = rows): ReportedRow[] {
  return measured.flatMap((row) => peerNames.map((peer) => reportedRow(row, peer, results)))
}

function reportedRow(row: Row, peer: PeerName, { values, absences }: Results): ReportedRow {
  const posthorn = values.posthorn?.[row.key] ?? null
  const peerValue = values[peer]?.[row.key] ?? null
  const ratio = ratioOf(row, posthorn, peerValue)
  const target = row[peer] ?? row.own
  const held = target !== undefined && 'atLeast' in target ? ratio : posthorn
  const note = absences.posthorn?.[row.part] ?? absences[peer]?.[row.part]
  return {
    row: row.row,
    unit: row.unit,
    posthorn,
    peer,
    peerValue,
    ratio,
    target: target === undefined ? null : targetText(target, row.unit),
    met: target === undefined || held === null ? null : isMet(target, held),
    ...(note !== undefined && { note }),
  }
}

function ratioOf({ better }: Row, posthorn: number | null, peer: number | null): number | null {
  if (posthorn === null || peer === null || posthorn === 0 || peer === 0) return null
  return better === 'more' ? posthorn / peer : peer / posthorn
}

function targetText(target: Target, unit: string): string {
  if ('atLeast' in target) return `≥ ${target.atLeast}×`
  return 'below' in target ? `< ${target.below} ${unit}` : `> ${target.above} ${unit}`
}

function isMet(target: Target, value: number): boolean {
  if ('atLeast' in target) return value >= target.atLeast
  return 'below' in target ? value < target.below : value > target.above
}

export function reportJson(machine: Machine, reported: ReportedRow[]): string {
  return `${JSON.stringify({ machine, rows: reported }, null, 2)}\n`
}
