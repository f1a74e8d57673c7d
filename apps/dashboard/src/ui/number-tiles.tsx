import { Paper } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './number-tiles.module.css'

interface Tile {
  name: string
  value: string
  /** Beneath it, as how it compares. */
  note?: ReactNode
}

/** A few numbers side by side. */
export function NumberTiles({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <dl className={classes.tiles}>
      {tiles.map(({ name, value, note }) => (
        <Paper key={name} className={classes.tile}>
          <dt>{name}</dt>
          <dd>{value}</dd>
          {note !== undefined && <dd className={classes.note}>{note}</dd>}
        </Paper>
      ))}
    </dl>
  )
}
