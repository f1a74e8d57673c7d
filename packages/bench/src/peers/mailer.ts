import { createTransport } from 'nodemailer'
import type { Mail } from './schema.ts'

/** nodemailer with ten kept connections, as both peers send. */
export function createMailer(smtpPort: number) {
  const transport = createTransport({
    host: '127.0.0.1',
    port: smtpPort,
    secure: false,
    ignoreTLS: true,
    pool: true,
    maxConnections: 10,
    maxMessages: Infinity,
  })
  return {
    async send(mail: Mail) {
      await transport.sendMail({ from: mail.from, to: mail.to, subject: mail.subject, html: mail.body })
    },
    close() {
      transport.close()
    },
  }
}
