import { SegmentedControl, Tabs, Text } from '@mantine/core'
import { useState } from 'react'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { Section } from '../../../ui/section.tsx'
import { snippets } from './snippet-code.ts'

const TASKS = [
  { value: 'send', label: 'Send a mail' },
  { value: 'track', label: 'Report an event' },
] as const

type Task = (typeof TASKS)[number]['value']

/** Code to paste, with the address of this Posthorn and the public key in it. */
export function Snippets({ publicKey }: { publicKey: string | undefined }) {
  const [task, setTask] = useState<Task>('send')
  const all = snippets({ origin: location.origin, publicKey: publicKey ?? 'pk_ph_…' })
  return (
    <Section
      title="Use them"
      lead="The public key is in the code already. The secret key belongs into the environment of your server, as POSTHORN_KEY."
    >
      <SegmentedControl aria-label="What the code does" data={[...TASKS]} value={task} onChange={setTask} mb="md" />
      <Tabs defaultValue={all[0]?.language ?? null} keepMounted={false}>
        <Tabs.List aria-label="Language">
          {all.map(({ language }) => (
            <Tabs.Tab key={language} value={language} px={8}>
              {language}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map((snippet) => (
          <Tabs.Panel key={snippet.language} value={snippet.language} pt="md">
            <CodeBlock code={snippet[task]} label={`${snippet.language} code`} />
            {snippet.language === 'SDK' && (
              <Text size="sm" c="dimmed" mt="xs">
                Install it with <code>npm install @posthorn/sdk</code>.
              </Text>
            )}
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  )
}
