import { PEOPLE_PERMISSION_WORDS, PERMISSIONS, ROLE_PERMISSIONS, ROLES } from './roles.ts'
import { SCOPE_WORDS } from './scopes.ts'

/** What `docs/projects.md` says of the roles: a row for each permission, and who holds it. */
export function roleRows(): string[] {
  const words = { ...SCOPE_WORDS, ...PEOPLE_PERMISSION_WORDS }
  return PERMISSIONS.map((permission) => {
    const held = ROLES.map((role) => (ROLE_PERMISSIONS[role].includes(permission) ? 'yes' : ''))
    return `| \`${permission}\` | ${words[permission]} | ${held.join(' | ')} |`
  })
}
