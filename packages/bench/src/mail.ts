/** Ten characters each, so that a number can be written over them in place. */
const number = '@@NUMBER@@'
const recipient = '@RECEIVER@'
const knownRecipients = 1000
const htmlBytes = 3072
const words = (
  'amber basket candle drawer easel fabric garden hammer indigo jacket kettle lantern marble needle ' +
  'orchid pillow quartz ribbon saddle teapot umbrella velvet walnut yarrow zipper bronze copper linen ' +
  'oak small large round narrow folding painted woven glazed heavy light spare winter summer travel'
).split(' ')

export const sender = { domain: 'example.com', address: 'news@example.com' }

/** One mail as JSON with places left for its number and its recipient: {to, subject, body, from}. */
export function mailTemplate(): string {
  const head = `<!doctype html><html><body><h1>Your order ${number}</h1><p>Hello reader ${number},</p><table>`
  const tail = `</table><p><a href="https://example.com/orders/${number}">See the order</a></p></body></html>`
  const body = head + rows(htmlBytes - head.length - tail.length) + tail
  return JSON.stringify({
    to: `reader-${recipient}@example.net`,
    subject: `Your order ${number} is on its way`,
    body,
    from: sender.address,
  })
}

/** One event as JSON with the same places: {event, email, data}. */
export const eventTemplate = (): string =>
  JSON.stringify({
    event: 'order-placed',
    email: `reader-${recipient}@example.net`,
    data: { order: number, plan: 'pro', total: 42.5 },
  })

/** Table rows of varied words, so that the text compresses about as well as a real mail does. */
function rows(length: number): string {
  let seed = 7
  const pick = <T>(choices: readonly T[]) => {
    seed = (seed * 1103515245 + 12345) % 2147483648
    return choices[Math.floor((seed / 2147483648) * choices.length)] ?? choices[0]
  }
  let text = ''
  while (text.length < length) {
    const name = Array.from({ length: 5 }, () => pick(words)).join(' ')
    const price = Array.from({ length: 4 }, () => pick('0123456789'.split(''))).join('')
    text += `<tr><td style="padding:4px 8px">${name}</td><td>${price}</td></tr>\n`
  }
  return text.slice(0, length)
}

/** Finds the places once and returns a function that writes the mails' numbers over them. */
export function numbering(bytes: Buffer, mailsPerRequest: number): (first: number) => void {
  const numbers = placesPerMail(bytes, { token: number, mails: mailsPerRequest })
  const recipients = placesPerMail(bytes, { token: recipient, mails: mailsPerRequest })
  return (first) => {
    for (let index = 0; index < mailsPerRequest; index++) {
      const digits = String(first + index).padStart(10, '0')
      for (const place of numbers[index] ?? []) bytes.write(digits, place, 'latin1')
      const to = recipientOf(first + index)
      for (const place of recipients[index] ?? []) bytes.write(to, place, 'latin1')
    }
  }
}

/** Every second mail goes to one of a thousand known people, the others to somebody new. */
export function recipientOf(mail: number): string {
  if (mail % 2 === 0) return `n${String(mail).padStart(9, '0')}`
  return `k${String(((mail - 1) / 2) % knownRecipients).padStart(9, '0')}`
}

function placesPerMail(bytes: Buffer, wanted: { token: string; mails: number }): number[][] {
  const places: number[] = []
  for (let at = bytes.indexOf(wanted.token); at >= 0; at = bytes.indexOf(wanted.token, at + 1)) places.push(at)
  const perMail = places.length / wanted.mails
  return Array.from({ length: wanted.mails }, (_, mail) => places.slice(mail * perMail, (mail + 1) * perMail))
}
