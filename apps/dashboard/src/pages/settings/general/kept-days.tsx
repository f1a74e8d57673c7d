import { NumberInput } from '@mantine/core'
import { LIMITS } from '@posthorn/contracts'
import type { ReactNode } from 'react'

interface KeptDaysProps {
  value?: number | ''
  error?: ReactNode
  onChange?(value: number | string): void
}

/** For how many days mails and events are kept; empty: for good. */
export default function KeptDays(input: KeptDaysProps) {
  return (
    <NumberInput
      label="Keep mails and events for"
      description="Mails that ended and events that are older are deleted. Empty: they are kept for good."
      placeholder="For good"
      suffix=" days"
      min={1}
      max={LIMITS.retentionDays}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      maw="20rem"
      {...input}
    />
  )
}
