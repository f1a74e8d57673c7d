import { Text } from '@mantine/core'
import { KeyValue } from '../../../ui/key-value.tsx'
import { Section } from '../../../ui/section.tsx'
import { languageChoices } from './locales.ts'
import type { Project } from './project.ts'

/** For those who may not change it. */
export function GeneralFacts({ project }: { project: Project }) {
  const { email, name } = project.defaultSender
  const language = languageChoices(project.language, '').find(({ value }) => value === project.language)
  return (
    <Section title="Project" lead="Owners and admins can change them.">
      <KeyValue
        entries={[
          ['Project name', project.name],
          ['Default sender', name === null ? email : `${name} <${email}>`],
          ['Language', language?.label],
          ['Time zone', project.timeZone],
          [
            'Postal address',
            <Text key="address" inherit style={{ whiteSpace: 'pre-line' }}>
              {project.postalAddress ?? 'none'}
            </Text>,
          ],
          ['Double opt-in', project.doubleOptIn ? 'people are asked by mail to confirm' : 'no'],
          [
            'Mails and events',
            project.retentionDays === null ? 'kept for good' : `kept for ${project.retentionDays} days`,
          ],
          ['Browsers may overwrite', project.browserFields.length === 0 ? 'nothing' : project.browserFields.join(', ')],
        ]}
      />
    </Section>
  )
}
