import { ROLE_WORDS, ROLES } from '@posthorn/contracts'
import { Section } from '../../../ui/section.tsx'
import { ROLE_NAMES } from './types.ts'
import classes from './members.module.css'

export function RolesExplained() {
  return (
    <div style={{ marginTop: 'var(--mantine-spacing-xl)' }}>
      <Section title="What each role may do">
        <dl className={classes.roles}>
          {ROLES.map((role) => (
            <div key={role} style={{ display: 'contents' }}>
              <dt>{ROLE_NAMES[role]}</dt>
              <dd>{ROLE_WORDS[role]}.</dd>
            </div>
          ))}
        </dl>
      </Section>
    </div>
  )
}
