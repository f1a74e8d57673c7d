import { Text } from '@mantine/core'
import { IconWorldCheck } from '@tabler/icons-react'
import { CodeBlock } from '../../../ui/code-block.tsx'
import { CopyableId } from '../../../ui/copyable-id.tsx'
import { Section } from '../../../ui/section.tsx'
import type { Project } from './project.ts'
import classes from './domains.module.css'

/** From where the project may send, and how that is changed. */
export function Domains({ project: { id, domains } }: { project: Project }) {
  return (
    <>
      <Section title="Trusted domains" lead="Mail that leaves through a relay can only be from addresses at these.">
        {domains.length === 0 ? (
          <Text mb="md">
            None yet. The built-in inbox takes mail from any sender; before it leaves through a relay, a domain is
            needed.
          </Text>
        ) : (
          <ul className={classes.domains}>
            {domains.map((domain) => (
              <li key={domain}>
                <IconWorldCheck size={17} aria-hidden />
                {domain}
              </li>
            ))}
          </ul>
        )}
        <Text c="dimmed" size="sm" mb="xs">
          Whoever runs this Posthorn adds one on its machine:
        </Text>
        <CodeBlock
          label="command that trusts a domain"
          code={`pnpm posthorn domain trust example.com --project ${id}`}
          wrap
        />
      </Section>
      <Section title="Project id">
        <CopyableId id={id} label="Copy project id" />
      </Section>
    </>
  )
}
