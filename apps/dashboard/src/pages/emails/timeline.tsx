import { Text, Timeline as Line } from '@mantine/core'
import type { WireOutput } from '@posthorn/contracts'
import { IconCheck, IconClock, IconFlag, IconMailForward, IconQuestionMark, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { CodeBlock } from '../../ui/code-block.tsx'
import { duration } from '../../ui/time-words.ts'
import { Time } from '../../ui/time.tsx'
import type { EmailDetails } from './email.tsx'
import classes from './timeline.module.css'

type Attempt = WireOutput<'emails', 'attempts'>['data'][number]

const OUTCOMES: Record<Attempt['outcome'], { title: string; icon: typeof IconCheck }> = {
  accepted: { title: 'The server took it', icon: IconCheck },
  deferred: { title: 'The server asked to try later', icon: IconClock },
  rejected: { title: 'The server refused it', icon: IconX },
  unknown: { title: 'The connection broke after the mail was handed over', icon: IconQuestionMark },
}

/** From acceptance to its end, or to what comes next. */
export function Timeline({ email, attempts }: { email: EmailDetails; attempts: Attempt[] }) {
  return (
    <Line bulletSize={24} lineWidth={2} active={attempts.length + (email.endedAt === null ? 0 : 1)} color="horn">
      <Line.Item bullet={<IconMailForward size={13} aria-hidden />} title="Accepted">
        <When at={email.createdAt} />
      </Line.Item>
      {attempts.map((attempt) => {
        const { title, icon: Icon } = OUTCOMES[attempt.outcome]
        return (
          <Line.Item key={attempt.number} bullet={<Icon size={13} aria-hidden />} title={title}>
            <When at={attempt.startedAt}>
              attempt {attempt.number}, {duration(attempt.durationMs)}
              {attempt.relay !== null && `, through ${attempt.relay}`}
            </When>
            {attempt.outcome !== 'accepted' && <Text mt={2}>{attempt.reason}</Text>}
            <Reply {...attempt} />
          </Line.Item>
        )
      })}
      {/* Itself an item, since the line only tells its own children how far it is drawn. */}
      {lastItem(email, attempts.at(-1))}
    </Line>
  )
}

function When({ at, children }: { at: string; children?: ReactNode }) {
  return (
    <Text c="dimmed" size="sm" component="div">
      <Time at={at} />
      {children !== undefined && <> · {children}</>}
    </Text>
  )
}

/** What the server said, with its codes. */
function Reply({ code, enhancedCode, words }: Attempt) {
  if (words === '') return null
  const codes = [code, enhancedCode].filter((one) => one !== null).join(' ')
  return (
    <div className={classes.reply}>
      <CodeBlock code={words.startsWith(String(code)) ? words : `${codes} ${words}`.trim()} label="reply" wrap />
    </div>
  )
}

/** How it stands: why it waits and until when, or how it ended. */
function lastItem(email: EmailDetails, last: Attempt | undefined): ReactNode {
  if (email.status === 'sent') return sentItem(email, last?.relay ?? 'the relay')
  if (email.status === 'failed' || email.status === 'cancelled') {
    const title = email.status === 'failed' ? 'Given up' : 'Cancelled'
    return (
      <Line.Item bullet={<IconX size={13} aria-hidden />} title={title}>
        {email.endedAt !== null && <When at={email.endedAt} />}
        {/* The attempt above has said it already. */}
        {email.reason !== last?.reason && <Text>{email.reason}</Text>}
      </Line.Item>
    )
  }
  return (
    <Line.Item bullet={<IconClock size={13} aria-hidden />} title="What comes next" lineVariant="dashed">
      {email.reason !== null && <Text>{email.reason}</Text>}
      <Text c="dimmed" size="sm" component="div">
        {email.status === 'sending' && 'It is being delivered right now.'}
        {email.status !== 'sending' && email.nextAttemptAt !== null && (
          <>
            The next attempt is due <Time at={email.nextAttemptAt} />.
          </>
        )}
      </Text>
    </Line.Item>
  )
}

/** Where the sight of Posthorn ends. */
function sentItem({ captured }: EmailDetails, relay: string): ReactNode {
  const by = captured ? 'the built-in inbox' : relay
  return (
    <Line.Item bullet={<IconFlag size={13} aria-hidden />} title={`Accepted by ${by}`}>
      <Text c="dimmed" size="sm">
        {captured
          ? 'It goes no further: nobody outside gets it.'
          : 'This is the end of what Posthorn can see. What is refused later comes back as mail to the sender.'}
      </Text>
    </Line.Item>
  )
}
