import type { Stats } from './numbers.tsx'
import { dayOf } from './day-words.ts'
import classes from './numbers.module.css'

/** The same as the chart in words and figures, for those who do not see it and for those who want it exactly. */
export function DaysTable({ days }: { days: Stats['days'] }) {
  return (
    <details className={classes.days}>
      <summary>The same as a table</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A part that scrolls has to be reachable by keyboard. */}
      <div tabIndex={0} role="region" aria-label="Mails by day">
        <table>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Accepted</th>
              <th scope="col">Sent</th>
              <th scope="col">Failed</th>
              <th scope="col">Put off</th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ date, accepted, sent, failed, deferred }) => (
              <tr key={date}>
                <th scope="row">{dayOf(date)}</th>
                <td>{accepted}</td>
                <td>{sent}</td>
                <td>{failed}</td>
                <td>{deferred}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
