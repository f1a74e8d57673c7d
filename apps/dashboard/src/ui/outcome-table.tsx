import classes from './outcome-table.module.css'

/** What became of mails in an hour, a day or longer. */
export interface Point {
  /** When it begins: the only thing of its name on the page. */
  key: string
  label: string
  accepted: number
  sent: number
  failed: number
  deferred: number
}

interface OutcomeTableProps {
  points: readonly Point[]
  /** What a point is: "Day". */
  unit: string
}

/** The same as the chart in words and figures, for those who do not see it and for those who want it exactly. */
export function OutcomeTable({ points, unit }: OutcomeTableProps) {
  return (
    <details className={classes.points}>
      <summary>The same as a table</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A part that scrolls has to be reachable by keyboard. */}
      <div tabIndex={0} role="region" aria-label={`Mails by ${unit.toLowerCase()}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{unit}</th>
              <th scope="col">Accepted</th>
              <th scope="col">Sent</th>
              <th scope="col">Failed</th>
              <th scope="col">Put off</th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map(({ key, label, accepted, sent, failed, deferred }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
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
