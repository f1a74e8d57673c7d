import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { curlCommand } from '../src/pages/home/command.ts'

/** What a shell hands to curl, argument by argument. */
function argumentsOf(command: string): string[] {
  const script = `curl() { for argument; do printf '%s\\0' "$argument"; done; }\n${command}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

test.each(['ada@example.com', "o'neil@example.com", '"quoted $HOME"@example.com', '`id`@example.com'])(
  'the line to paste sends to %s as it stands',
  (to) => {
    const [url, , authorization, , type, , body = ''] = argumentsOf(
      curlCommand({ origin: 'https://mail.example.com', to, secret: 'sk_ph_abc' }),
    )
    expect([url, authorization, type]).toEqual([
      'https://mail.example.com/v1/send',
      'Authorization: Bearer sk_ph_abc',
      'Content-Type: application/json',
    ])
    expect(JSON.parse(body)).toMatchObject({ to, subject: expect.any(String), body: expect.any(String) })
  },
)

test('without a secret the line holds none', () => {
  expect(curlCommand({ origin: 'https://mail.example.com', to: 'ada@example.com' })).toContain('Bearer sk_ph_…')
})
