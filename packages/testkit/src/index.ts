export { testDatabase, type TestDatabase } from './database.ts'
export { testMailbox } from './smtp/mailbox.ts'
export { misbehavingSmtpServer } from './smtp/misbehaving-server.ts'
