export { startInbox, type Inbox, type InboxOptions } from './inbox.ts'
export { pruneInbox } from './prune.ts'
