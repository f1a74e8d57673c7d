import classes from './status-badge.module.css'

export type Tone = 'good' | 'busy' | 'waiting' | 'bad' | 'neutral'

/** A state in a word and a colour; the word says it all, for those who do not see the colour. */
export function StatusBadge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  )
}
