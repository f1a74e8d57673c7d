import type { ReactNode } from 'react'
import classes from './key-value.module.css'

/** Facts of one thing. Entries that are undefined are left out. */
export function KeyValue({ entries }: { entries: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={classes.list}>
      {entries.map(
        ([name, value], place) =>
          value !== undefined && (
            // oxlint-disable-next-line react/no-array-index-key -- A name may come twice, as headers of a mail do.
            <div key={`${name} ${place}`} className={classes.entry}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
