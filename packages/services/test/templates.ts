import type { TestProject } from './instance.ts'

/** An MJML document with this in its one text. */
export const mjml = (content: string): string =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${content}</mj-text></mj-column></mj-section></mj-body></mjml>`

let made = 0

/** Creates a template that greets, but for what is to be otherwise. */
export const createTemplate = ({ call }: TestProject, change: object = {}) =>
  call(['templates', 'create'], {
    name: `Template ${(made += 1)}`,
    type: 'TRANSACTIONAL',
    subject: 'Hi {{ name }}',
    body: '<p>Hello {{ name ?? "you" }}</p>',
    ...change,
  })

/** Sends a mail, and answers it as it is stored for each of its recipients. */
export async function sentMails({ call }: TestProject, change: object) {
  const { emails } = await call(['emails', 'send'], { to: 'ada@example.com', ...change })
  return Promise.all(emails.map(({ email }) => call(['emails', 'get'], { id: email })))
}
