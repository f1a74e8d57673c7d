import { Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { ROLE_WORDS, type Role } from '@posthorn/contracts'
import { IconCheck, IconPlus, IconSelector } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import classes from './project-switcher.module.css'

export interface ProjectChoice {
  id: string
  name: string
  role: Role
}

interface ProjectSwitcherProps {
  current: ProjectChoice | undefined
  projects: readonly ProjectChoice[]
}

/** Which project one works on, and the others. */
export function ProjectSwitcher({ current, projects }: ProjectSwitcherProps) {
  return (
    <Menu position="bottom-start" width="target" shadow="md">
      <Menu.Target>
        <UnstyledButton className={classes.target}>
          <VisuallyHidden>Project: </VisuallyHidden>
          <span className={classes.initial} aria-hidden>
            {(current?.name ?? '+').slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.names}>
            <span className={classes.name}>
              {current?.name ?? (projects.length === 0 ? 'No project yet' : 'Choose a project')}
            </span>
            {current !== undefined && (
              <span className={classes.role} title={ROLE_WORDS[current.role]}>
                {current.role}
              </span>
            )}
          </span>
          <IconSelector size={16} aria-hidden />
          <VisuallyHidden>, switch project</VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah="60vh" style={{ overflowY: 'auto' }}>
        {projects.map(({ id, name }) => (
          <Menu.Item
            key={id}
            renderRoot={(props) => <Link to="/p/$projectId" params={{ projectId: id }} {...props} />}
            rightSection={id === current?.id ? <IconCheck size={16} aria-label="current" /> : undefined}
          >
            <Text span size="md" truncate display="block">
              {name}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/projects/new" leftSection={<IconPlus size={16} aria-hidden />}>
          New project
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
