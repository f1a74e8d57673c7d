import { Paper, Title, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useDisclosure, useId } from '@mantine/hooks'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ArriveStep, KeyStep, SendStep } from './steps.tsx'
import type { Progress } from './progress.ts'
import classes from './quick-start.module.css'

interface QuickStartProps {
  progress: Progress
  /** For those who have been through it: closed until it is asked for. */
  isFolded?: boolean
}

/** Three steps to the first mail, which tick themselves as they happen. */
export function QuickStart({ progress, isFolded = false }: QuickStartProps) {
  const [isOpen, { toggle }] = useDisclosure(!isFolded)
  const id = useId()
  const { isKeyTaken, latest, arrived } = progress
  const steps = [
    { title: 'Copy the secret key', isDone: isKeyTaken, body: <KeyStep progress={progress} /> },
    { title: 'Send a mail', isDone: latest !== undefined, body: <SendStep progress={progress} /> },
    { title: 'See it arrive', isDone: arrived !== undefined, body: <ArriveStep progress={progress} /> },
  ]
  const done = steps.filter(({ isDone }) => isDone).length
  const next = steps.findIndex(({ isDone }) => !isDone)
  return (
    <Paper component="section" aria-labelledby={id} p="lg">
      {isFolded ? (
        <Title order={2} id={id}>
          <UnstyledButton className={classes.fold} aria-expanded={isOpen} onClick={toggle}>
            How to send a mail
            <IconChevronDown size={18} aria-hidden data-open={isOpen} />
          </UnstyledButton>
        </Title>
      ) : (
        <Title order={2} id={id}>
          {next === -1 ? 'Your first mail has arrived' : 'Send the first mail'}
        </Title>
      )}
      {!isFolded && <VisuallyHidden role="status">{`${done} of ${steps.length} steps done`}</VisuallyHidden>}
      {isOpen && (
        <ol className={classes.steps}>
          {steps.map(({ title, isDone, body }, place) => (
            <Step key={title} title={title} number={place + 1} isDone={isDone} isNext={place === next}>
              {body}
            </Step>
          ))}
        </ol>
      )}
    </Paper>
  )
}

interface StepProps {
  title: string
  number: number
  isDone: boolean
  isNext: boolean
  children: ReactNode
}

function Step({ title, number, isDone, isNext, children }: StepProps) {
  return (
    <li className={classes.step} data-done={isDone} aria-current={isNext ? 'step' : undefined}>
      <span className={classes.bullet} aria-hidden>
        {isDone ? <IconCheck size={16} stroke={2.5} /> : number}
      </span>
      <div className={classes.body}>
        <h3 className={classes.title}>
          {title}
          {isDone && <VisuallyHidden>, done</VisuallyHidden>}
        </h3>
        {children}
      </div>
    </li>
  )
}
