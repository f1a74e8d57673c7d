import { expect, test } from 'vitest'
import { relaySettings } from './relay-settings.ts'

test('the default time-outs are near the standard', () => {
  expect(relaySettings('smtp://relay.example').timeouts).toEqual({
    connectMs: 30_000,
    greetingMs: 30_000,
    commandMs: 300_000,
    blockMs: 180_000,
    finalMs: 600_000,
  })
})
