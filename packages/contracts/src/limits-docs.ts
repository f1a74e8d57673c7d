import { LIMITS } from './limits.ts'

const MEANING: Record<keyof typeof LIMITS, string> = {
  recipientsPerSend: 'recipients in `to` of one send; each gets a mail of its own',
  copiesPerEmail: 'addresses in `cc`, and in `bcc`',
  emailsPerBatch: 'mails in one batch',
  subjectLength: 'characters of a subject',
  bodyLength: 'characters of `body` (or `html`), and of `text`',
  headersPerEmail: 'own headers of one mail',
  headerNameLength: 'characters of a header name',
  headerValueLength: 'characters of a header value',
  attachmentsPerEmail: 'attachments of one mail',
  attachmentBytesPerRequest: 'bytes of all attachments in one request, decoded',
  filenameLength: 'characters of an attachment’s file name',
  tagsPerEmail: 'tags of one mail',
  tagLength: 'characters of a tag',
  scheduleAheadDays: 'days that `scheduledAt` may lie ahead',
  emailAddressLength: 'characters of an address (RFC 5321)',
  localPartLength: 'characters before the @ (RFC 5321)',
  displayNameLength: 'characters of a sender’s or recipient’s name',
  eventNameLength: 'characters of an event name',
  dataKeys: 'keys in `data`',
  dataKeyLength: 'characters of a key in `data`',
  dataBytes: 'bytes of `data` as JSON',
  contactDataBytes: 'bytes of all `data` of one contact, as JSON',
  jsonDepth: 'levels of nesting in a request',
  keyNameLength: 'characters of an API key’s name',
  allowedIpsPerKey: 'addresses or networks that a key may be bound to',
  idempotencyKeyLength: 'characters of an `Idempotency-Key`',
  idempotencyHours: 'hours that an `Idempotency-Key` is remembered',
  pageSize: 'items on one page, at most',
  pageSizeDefault: 'items on one page where `limit` is left out',
  requestBytes: 'bytes of a request body',
  mailRequestBytes: 'bytes of a request body that carries mail',
  trpcBatchSize: 'calls in one tRPC batch',
}

/** The limits as a Markdown page, so that the documents never disagree with the code. */
export function limitsPage(): string {
  const rows = Object.entries(LIMITS).map(
    ([name, value]) => `| ${MEANING[name as keyof typeof LIMITS]} | ${value.toLocaleString('en')} |`,
  )
  return [
    '# Limits',
    '',
    'A request over a limit is refused whole, with the field and the limit in the answer.',
    '',
    '| what | at most |',
    '| --- | ---: |',
    ...rows,
    '',
  ].join('\n')
}
