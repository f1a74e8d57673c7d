import { Notifications } from '@mantine/notifications'
import '@mantine/notifications/styles.css'

/** Where short notices show up: what was done, or what failed beside the point. */
export default function Notices() {
  return <Notifications position="bottom-right" containerWidth={360} />
}
