import type { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

/** Whoever reads the output, such as `head`, has seen enough. */
export class ReaderLeft extends Error {}

/** Writes, and waits while the reader is slower than we are. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === null || error === undefined) return resolve()
      reject('code' in error && error.code === 'EPIPE' ? new ReaderLeft() : error)
    })
  })
}

export type Cell = string | number | null | undefined

/** Names are chosen by others, and must not command the terminal that shows them. */
export function show(cell: Cell): string {
  const text = cell === null || cell === undefined || cell === '' ? '-' : String(cell)
  return stripVTControlCharacters(text).replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, ' ')
}

/** Rows in columns that line up. `minWidths` keeps them so over tables that follow each other. */
export function table(rows: Cell[][], minWidths: number[] = []): string {
  const shown = rows.map((row) => row.map(show))
  const widths = (shown[0] ?? []).map((_, column) =>
    Math.max(minWidths[column] ?? 0, ...shown.map((row) => row[column]?.length ?? 0)),
  )
  return shown
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
