import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { CopyButton } from '../../ui/copy-button.tsx'
import classes from './found-links.module.css'

/** The links of a mail with where they really lead. They can be opened here, in a tab that knows nothing of this one. */
export function FoundLinks({ links }: { links: readonly string[] }) {
  return (
    <ul className={classes.links} aria-label="Links in the message">
      {links.map((link) => (
        <li key={link}>
          <Text span className={classes.address}>
            {link}
          </Text>
          <Group gap={2} wrap="nowrap">
            <CopyButton value={link} label={`Copy ${link}`} />
            <Tooltip label="Open in a new tab">
              <ActionIcon
                component="a"
                href={link}
                target="_blank"
                rel="noopener noreferrer nofollow"
                variant="subtle"
                color="gray"
                aria-label={`Open ${link} in a new tab`}
              >
                <IconExternalLink size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        </li>
      ))}
    </ul>
  )
}
