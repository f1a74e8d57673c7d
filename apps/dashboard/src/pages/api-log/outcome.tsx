import { Alert, Text } from '@mantine/core'
import { ERRORS, type ErrorCode } from '@posthorn/contracts'
import { IconAlertTriangle, IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react'
import { Sentence } from './sentence.tsx'
import type { ApiRequest } from './api-log.tsx'

/** How the request ended, and what to do where it did not do what was asked. */
export function Outcome({ request: { status, code } }: { request: ApiRequest }) {
  if (code !== null) {
    const known = Object.hasOwn(ERRORS, code) ? ERRORS[code as ErrorCode] : undefined // Safe because it is one of its keys.
    return (
      <Alert
        variant="outline"
        color={status >= 500 ? 'red' : 'yellow'}
        icon={<IconAlertTriangle aria-hidden />}
        title={code}
      >
        {known === undefined ? (
          <Text>The code is of another version of Posthorn.</Text>
        ) : (
          <>
            <Text>
              <Sentence>{known.meaning}</Sentence>
            </Text>
            <Text mt={4}>
              <b>What to do:</b> <Sentence>{known.remedy}</Sentence>
            </Text>
          </>
        )}
      </Alert>
    )
  }
  if (status < 400) {
    return (
      <Alert variant="outline" color="green" icon={<IconCircleCheck aria-hidden />} title="It was done">
        <Text>The answer said so; there is nothing to mend.</Text>
      </Alert>
    )
  }
  return (
    <Alert variant="outline" color="gray" icon={<IconPlugConnectedX aria-hidden />} title="The caller went away">
      <Text>
        The connection was closed before the answer. The work may have been done: with an Idempotency-Key the same
        request can be made again without doing it twice.
      </Text>
    </Alert>
  )
}
