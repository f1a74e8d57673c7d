import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { problemOf, type Problem } from '../../api/problem.ts'
import { answered } from '../../auth/answer.ts'
import { useLinkToken } from '../../auth/link-token.ts'
import { confirmAddress } from '../../auth/routes.ts'
import { useEntry } from '../../auth/use-entry.ts'
import { FormProblem } from '../../forms/form-problem.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { DeadLink } from './dead-link.tsx'

/** A new address of an account agrees. It takes a click, since programs that scan mail open links too. */
export function Page() {
  const token = useLinkToken()
  const enter = useEntry()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  if (token === undefined) return <DeadLink title="Confirm your address">Open the whole link from the mail.</DeadLink>
  const confirm = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await answered(() => confirmAddress({ token }))
      await enter('/account')
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <PageHeader title="Confirm your address" />
      <Stack>
        <FormProblem problem={problem} />
        <Text>From now on you sign in with this address, and mail about your account goes there.</Text>
        <Button fullWidth loading={isBusy} onClick={() => void confirm()}>
          Confirm the address
        </Button>
      </Stack>
    </>
  )
}
