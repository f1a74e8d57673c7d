// Generated from the contracts by `pnpm generate`. Do not edit.

/** A request to send: each recipient in `to` gets a mail of its own. */
export interface SendEmail {
  /**
   * The recipient, or up to 50 of them. An address that is named twice, in whatever case, gets one mail; its first
   * mention counts.
   */
  to: Mailbox | Mailbox[]
  /** The sender. Left out: the default sender of the project. */
  from?: Mailbox
  /** The sender’s name, where `from` gives none. */
  name?: string
  /** Where answers go (Reply-To). */
  reply?: Mailbox
  /** The same as `reply`. */
  replyTo?: Mailbox
  /** A published template, by its id or name. What else the request gives wins over what it has. */
  template?: string
  /** Needed unless the mail is made of a template. */
  subject?: string
  /** The mail as HTML. A blank one, like a blank `text`, counts as left out. */
  body?: string
  /** The same as `body`. */
  html?: string
  /** The mail as plain text. */
  text?: string
  /** Further visible recipients; only with a single `to`. Who is named in several places gets one copy. */
  cc?: Mailbox[]
  /** Further hidden recipients; only with a single `to`. Who is named in several places gets one copy. */
  bcc?: Mailbox[]
  /** Headers of your own, each name once: `X-A` and `x-a` are the same. */
  headers?: { [name: string]: string }
  attachments?: Attachment[]
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   * `{"value": …, "persistent": false}` is for this mail alone.
   */
  data?: { [name: string]: Json }
  /** Changes the consent of the contact; left out, it stays as it is. */
  subscribed?: boolean
  /** Send at this time, at most a year ahead. */
  scheduledAt?: string | Date
  /** Labels to find the mail by. */
  tags?: string[]
}

/** An address, `Name <address>`, or an object with `email` and `name`. */
export type Mailbox =
  | string
  | {
      /** An e-mail address. Case and surrounding blanks do not matter. */
      email: string
      name?: string
    }

export interface Attachment {
  filename: string
  /** The bytes, as base64. */
  content: string
  /** Left out: application/octet-stream. */
  contentType?: string
  /** Name an inline image here and show it with `<img src="cid:…">`. */
  contentId?: string
  disposition?: 'attachment' | 'inline'
}

/** Any JSON value. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

/** Up to 100 different mails. */
export interface SendBatch {
  emails: BatchEmail[]
}

/** One mail of a batch: a mail like any other, with one recipient. */
export interface BatchEmail {
  to: Mailbox
  /** The sender. Left out: the default sender of the project. */
  from?: Mailbox
  /** The sender’s name, where `from` gives none. */
  name?: string
  /** Where answers go (Reply-To). */
  reply?: Mailbox
  /** The same as `reply`. */
  replyTo?: Mailbox
  /** A published template, by its id or name. What else the request gives wins over what it has. */
  template?: string
  /** Needed unless the mail is made of a template. */
  subject?: string
  /** The mail as HTML. A blank one, like a blank `text`, counts as left out. */
  body?: string
  /** The same as `body`. */
  html?: string
  /** The mail as plain text. */
  text?: string
  /** Further visible recipients; only with a single `to`. Who is named in several places gets one copy. */
  cc?: Mailbox[]
  /** Further hidden recipients; only with a single `to`. Who is named in several places gets one copy. */
  bcc?: Mailbox[]
  /** Headers of your own, each name once: `X-A` and `x-a` are the same. */
  headers?: { [name: string]: string }
  attachments?: Attachment[]
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   * `{"value": …, "persistent": false}` is for this mail alone.
   */
  data?: { [name: string]: Json }
  /** Changes the consent of the contact; left out, it stays as it is. */
  subscribed?: boolean
  /** Send at this time, at most a year ahead. */
  scheduledAt?: string | Date
  /** Labels to find the mail by. */
  tags?: string[]
}

/** Which emails to list. */
export interface ListEmails {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Mails in this state. */
  status?: EmailStatus
  /** Mails to this address. */
  to?: string
  /** Mails with this tag. */
  tag?: string
  /** Mails of this kind. */
  stream?: EmailStream
  /** Mails whose recipient’s address has this in it. */
  recipient?: string
  /** Mails whose subject has this in it, in upper or lower case. */
  subject?: string
  /** Mails that have this in their recipient’s address or their subject. */
  search?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** Where an email stands. `sent`, `failed` and `cancelled` are ends; every other state has a next try. */
export type EmailStatus = 'queued' | 'scheduled' | 'sending' | 'sent' | 'deferred' | 'failed' | 'cancelled'

/** The kind of mail, each with a line of its own. */
export type EmailStream = 'transactional' | 'workflow' | 'campaign'

/** When the email is to be sent instead. */
export interface RescheduleEmail {
  /** The new time, at most a year ahead. */
  scheduledAt: string | Date
}

/** An event to report. */
export interface TrackEvent {
  /** What happened, such as `signed-up`. */
  event: string
  /** Whose event it is. */
  email: string
  /**
   * Changes the consent of the contact; left out, it stays as it is. With a public key it counts for a new contact
   * alone.
   */
  subscribed?: boolean
  /**
   * Your own id of the event. Reported again with the same one, it is not stored again, and the answer is that of
   * the first time.
   */
  eventId?: string
  /**
   * Facts of the event, merged into the contact: merged key by key, `null` deletes, and `""` changes nothing.
   * `id`, `email`, `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and
   * `locale` is text. With a public key, only what the contact lacks is added. `{"value": …, "persistent": false}`
   * stays with the event.
   */
  data?: { [name: string]: Json }
}

/** Up to 500 events. */
export interface TrackBatch {
  /** The events, as `events.track` takes them. */
  events: ({ [name: string]: Json } | TrackEvent)[]
}

/** Which events to list. */
export interface ListEvents {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Events of this contact. */
  contactId?: string
  /** Events of the contact with this address. */
  email?: string
  /** Events of this name. */
  name?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** Which names to list. */
export interface ListEventNames {
  /** Names with this in them. */
  search?: string
  /** How many names to answer with. Left out: 1000. */
  limit?: number
}

/** How many names to count. */
export interface GetEventStats {
  /** How many names to answer with. Left out: 1000. */
  limit?: number
}

/** What to change of a contact. */
export interface UpdateContact {
  /** A new address; mails that were sent keep the old one. */
  email?: string
  subscribed?: boolean
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   * `null` deletes all.
   */
  data?: { [name: string]: Json } | null
}

/** Which page of contacts to list. */
export interface ListContacts {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Contacts whose address has this in it. */
  search?: string
  /** Contacts with this consent. */
  subscribed?: boolean | 'true' | 'false'
}

/** What to know of a contact. */
export interface UpsertContact {
  /** An e-mail address. Case and surrounding blanks do not matter. */
  email: string
  /** Left out: true for a new contact, unchanged for a known one. */
  subscribed?: boolean
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   */
  data?: { [name: string]: Json }
}

export interface ListContactActivity {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
}

export interface ListConsentDecisions {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
}

/** The addresses to look for. */
export interface LookUpContacts {
  /** The addresses. Case and surrounding blanks do not matter. */
  emails: string[]
}

/** What to know of many contacts. */
export interface UpsertContacts {
  contacts: BatchContact[]
}

/** What to know of one contact of a batch. */
export interface BatchContact {
  /** The address of the contact. */
  email: string
  /** Left out: true for a new contact, unchanged for a known one. */
  subscribed?: boolean
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   */
  data?: { [name: string]: Json }
}

/** Which contacts to work on. */
export interface SelectContacts {
  /** `ids`: the contacts of `contactIds`. `query`: all that fit `filter` at the time of the call. */
  mode: 'ids' | 'query'
  /** Which contacts, with mode `ids`. */
  contactIds?: string[]
  /** Which contacts, with mode `query`; left out or empty, all contacts of the project. */
  filter?: {
    /** Contacts whose address has this in it. */
    search?: string
    /** Contacts with this consent. */
    subscribed?: boolean
  }
  /** Contacts that are left as they are all the same. */
  excludeIds?: string[]
}

/** Which templates to list. */
export interface ListTemplates {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Templates whose name or subject has this in it. */
  search?: string
  type?: TemplateType
}

/**
 * `TRANSACTIONAL` reaches everyone; `MARKETING` and `HEADLESS` only contacts that are subscribed. `HEADLESS`
 * brings its own footer.
 */
export type TemplateType = 'TRANSACTIONAL' | 'MARKETING' | 'HEADLESS'

/** A new template and its first content. */
export interface CreateTemplate {
  /** Unique in the project; a send can name the template by it. */
  name: string
  description?: string | null
  /** Left out: MARKETING. */
  type?: TemplateType
  subject: string
  /** HTML or MJML, with Liquid in it. MJML is known by its first element, `<mjml>`. */
  body: string
  /** The text part, with Liquid in it. Null or left out: it is made of the HTML. */
  text?: string | null
  /** The sender. Null: whom the request names, or the project’s default. */
  from?: string | null
  fromName?: string | null
  replyTo?: string | null
  /** The values that the template is given, beside what contacts have. Left out: none are declared. */
  variables?: TemplateVariable[]
  /** False keeps the content as a draft, which nobody is sent. Left out: it is published at once. */
  publish?: boolean
}

/** A value that a template is given by whoever sends it. */
export interface TemplateVariable {
  name: string
  type: 'string' | 'number' | 'boolean' | 'date' | 'list' | 'object'
  /** Stands for the value where a recipient has none. Left out: the value is needed. */
  fallback?: Json
}

export interface GetTemplate {
  /** Left out: the draft where there is one, else the published version. */
  version?: number
}

/** What to change of a template. */
export interface UpdateTemplate {
  /** Unique in the project; a send can name the template by it. */
  name?: string
  description?: string | null
  type?: TemplateType
  subject?: string
  /** HTML or MJML, with Liquid in it. MJML is known by its first element, `<mjml>`. */
  body?: string
  /** The text part, with Liquid in it. Null or left out: it is made of the HTML. */
  text?: string | null
  /** The sender. Null: whom the request names, or the project’s default. */
  from?: string | null
  fromName?: string | null
  replyTo?: string | null
  /** The values that the template is given, beside what contacts have. Left out: none are declared. */
  variables?: TemplateVariable[]
  /** False keeps the content as a draft, which nobody is sent. Left out: it is published at once. */
  publish?: boolean
}

export interface DuplicateTemplate {
  /** Left out: the old name and “(Copy)”. */
  name?: string
}

/** Which version to send from now on. */
export interface PublishTemplate {
  /** The version to send from now on. Left out: the draft. */
  version?: number
}

/** Which versions to list. */
export interface ListTemplateVersions {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
}

/** What to render, and for whom. Content that is given wins over that of the template. */
export interface RenderTemplate {
  /** The id or the name of a template. */
  template?: string
  /** Left out: the draft where there is one, else the published version. */
  version?: number
  type?: TemplateType
  subject?: string
  /** HTML or MJML, with Liquid in it. MJML is known by its first element, `<mjml>`. */
  body?: string
  /** The text part, with Liquid in it. Null or left out: it is made of the HTML. */
  text?: string | null
  /** The values that the template is given, beside what contacts have. Left out: none are declared. */
  variables?: TemplateVariable[]
  /** Whose data fills the template. Left out: nobody’s. */
  contact?: string
  /** Values for this rendering; they win over the contact’s. */
  data?: { [name: string]: Json }
}

/** To whom to send the test, and whose data to fill in. */
export interface SendTestTemplate {
  /** An e-mail address. Case and surrounding blanks do not matter. */
  to: string
  /** The number of a version. */
  version?: number
  /** Whose data fills the template. Left out: nobody’s. */
  contact?: string
  /** Values for this rendering; they win over the contact’s. */
  data?: { [name: string]: Json }
}

/** The address to check. */
export interface VerifyAddress {
  /** The address, also a malformed one. */
  email: string
}

/** The settings to change. */
export interface UpdateProject {
  name?: string
  /** Who mails are from where a request names nobody. */
  defaultSender?: Mailbox
  /** A language tag (BCP 47). */
  language?: string
  /** A time zone of the IANA database. */
  timeZone?: string
  /** Null takes it away. */
  postalAddress?: string | null
  /** Mails that ended and events that are older are deleted. Null: kept for good. */
  retentionDays?: number | null
}

/** Which days to count. */
export interface GetStats {
  /** How many days, today included. Left out: 30. */
  days?: number
  /** Whose days; left out: those of the project’s time zone. */
  timeZone?: string
}

/** Which page of keys to list. */
export interface ListKeys {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
}

/** The key to create. */
export interface CreateKey {
  name: string
  /** A public key only reports events and may ship in browsers. Left out: secret. */
  kind?: 'public' | 'secret'
  /** Left out: everything of the project but API keys; for a public key, reporting events. */
  scopes?: Scope[]
  /** When it stops working; left out: never. */
  expiresAt?: string | Date
  /** Addresses and networks (CIDR) it may be used from. */
  allowedIps?: string[]
}

/** Something that a key can be allowed to do. */
export type Scope =
  | 'emails:send'
  | 'emails:read'
  | 'emails:write'
  | 'events:track'
  | 'events:read'
  | 'events:write'
  | 'contacts:read'
  | 'contacts:write'
  | 'jobs:read'
  | 'jobs:write'
  | 'addresses:verify'
  | 'templates:read'
  | 'templates:write'
  | 'project:read'
  | 'project:write'
  | 'requests:read'
  | 'audit:read'
  | 'inbox:read'
  | 'inbox:write'
  | 'keys:read'
  | 'keys:write'
  | 'keys:reveal'

/** How to replace the key. */
export interface RegenerateKey {
  /** How long the old key still works. Left out: now. */
  overlap?: 'now' | '1h' | '24h' | '7d'
}

/** Which messages to list. */
export interface ListInbox {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Messages to this address. */
  to?: string
  /** The messages of this email. */
  emailId?: string
  /** Messages that have this in their subject or in an address of a recipient. */
  search?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** Which jobs to list. */
export interface ListJobs {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Jobs of this kind. */
  kind?: JobKind
  /** Jobs with this status. */
  status?: JobStatus
}

/** What a job does. */
export type JobKind = 'contacts.subscribe' | 'contacts.unsubscribe' | 'contacts.delete' | 'events.delete'

/** Where a job is. The last three are final. */
export type JobStatus = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Which requests to list. */
export interface ListRequests {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** Requests with this id. */
  requestId?: string
  /** Requests with this key. */
  keyId?: string
  /** Requests with a key, or those of people before the dashboard. */
  caller?: 'key' | 'person'
  /** Requests for this operation, such as `emails.send`. */
  operation?: string
  /** Requests whose status begins with this digit. */
  statusClass?: '2xx' | '3xx' | '4xx' | '5xx'
  /** Requests that were refused with this code. */
  code?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** Which entries to list. */
export interface ListAudit {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** What this one did: the id of a key or a person, or `key`, `user` or `system`. */
  actor?: string
  /** Acts of this kind, such as `key.created`; `key.` for all with keys. */
  action?: string
  /** What was done to this. */
  target?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** Which entries to export. */
export interface ExportAudit {
  /** How many rows to answer with. Left out: 1000. */
  limit?: number
  /** The `cursor` of the page before; leave out for the first page. */
  cursor?: string
  /** What this one did: the id of a key or a person, or `key`, `user` or `system`. */
  actor?: string
  /** Acts of this kind, such as `key.created`; `key.` for all with keys. */
  action?: string
  /** What was done to this. */
  target?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
}

/** What was stored: one email for each distinct address, in the order of `to`. */
export interface SendReceipt {
  emails: AcceptedEmail[]
  /** True while mail goes to the built-in inbox instead of a relay. */
  captured: boolean
  timestamp: string
}

/** An email that is stored and will be sent, and the contact it goes to. */
export interface AcceptedEmail {
  contact: {
    id: string
    email: string
  }
  /** The id of the email. */
  email: string
}

/** One result for each mail of the batch, in the same order. */
export interface BatchReceipt {
  results: (BatchAccepted | BatchRefused)[]
  accepted: number
  refused: number
  /** True while mail goes to the built-in inbox instead of a relay. */
  captured: boolean
  timestamp: string
}

/** This mail of the batch is stored and will be sent. */
export interface BatchAccepted {
  status: 'accepted'
  contact: {
    id: string
    email: string
  }
  /** The id of the email. */
  email: string
}

/** This mail of the batch may not be sent. */
export interface BatchRefused {
  status: 'refused'
  error: {
    code: string
    message: string
  }
}

/** An email with its content; attachments are described, not included. */
export interface EmailDetails extends Email {
  replyTo: StoredMailbox | null
  html: string | null
  text: string | null
  headers: { [name: string]: string }
  attachments: {
    filename: string
    contentType: string
    sizeBytes: number
    contentId: string | null
    disposition: 'attachment' | 'inline'
  }[]
}

/** An address with the name it was given, if any. */
export interface StoredMailbox {
  email: string
  name: string | null
}

/** One page of emails, newest first. */
export interface EmailPage {
  data: Email[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A mail to one recipient, and where it stands. */
export interface Email {
  id: string
  status: EmailStatus
  stream: EmailStream
  /** Why it waits, failed or was cancelled, in words; null once it was sent. */
  reason: string | null
  /** How often delivery was begun. */
  attempts: number
  /** When it is tried next; null at an end. */
  nextAttemptAt: string | null
  /**
   * True when a try ended without anybody knowing whether the mail was taken, so that a further try may deliver it
   * twice: the connection broke after the mail was handed over, or the worker died when the mail was on its way to
   * the relay or among the next in line.
   */
  possiblyDuplicate: boolean
  /** True while mail goes to the built-in inbox instead of a relay. */
  captured: boolean
  contactId: string
  from: StoredMailbox
  to: StoredMailbox
  cc: StoredMailbox[]
  bcc: StoredMailbox[]
  subject: string
  tags: string[]
  scheduledAt: string | null
  createdAt: string
  sentAt: string | null
  /** When it was sent, failed or was cancelled. */
  endedAt: string | null
}

/** The delivery attempts of an email, first to last. */
export interface AttemptList {
  data: Attempt[]
}

/** One try to deliver an email, and what came of it. */
export interface Attempt {
  /** 1 for the first try. */
  number: number
  startedAt: string
  durationMs: number
  /**
   * `unknown`: nobody knows whether the mail was taken, because the connection broke after it was handed over or
   * the worker died; see `possiblyDuplicate`.
   */
  outcome: 'accepted' | 'deferred' | 'rejected' | 'unknown'
  /** How far the SMTP conversation came. */
  stage: string
  reason: string
  /** The reply code (RFC 5321). */
  code: number | null
  /** The enhanced status code (RFC 3463). */
  enhancedCode: string | null
  /** What the server said. */
  words: string
  relay: string | null
}

/** The message that an email is sent as. */
export interface EmailSource {
  id: string
  /** Where it comes from: caught by the inbox, or made of the email. */
  from: 'inbox' | 'email'
  /** The message (RFC 5322), byte for byte, one character each. */
  source: string
}

/** An attachment with its content. */
export interface FileContent {
  filename: string | null
  /** What the sender says it is. */
  contentType: string
  sizeBytes: number
  contentId: string | null
  disposition: string | null
  /** The bytes, as base64. */
  content: string
}

/** What was stored: the event, and the contact it belongs to. */
export interface TrackReceipt {
  /** The id of the contact. */
  contact: string
  /** The id of the event. */
  event: string
  timestamp: string
}

/** One result for each event of the batch, in the same order. */
export interface TrackBatchReceipt {
  results: (TrackAccepted | TrackRefused)[]
  accepted: number
  refused: number
}

/** This event of the batch is stored. */
export interface TrackAccepted extends TrackReceipt {
  status: 'accepted'
  /** It was stored before, with the same `eventId`. */
  isRepeat: boolean
}

/** This event of the batch is not stored. */
export interface TrackRefused {
  status: 'refused'
  error: {
    code: string
    message: string
    /** The fields that are wrong. */
    errors?: {
      field: string
      message: string
      code: string
    }[]
  }
}

/** One page of events, newest first. */
export interface EventPage {
  data: Event[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** Something a contact did, as it was reported. */
export interface Event {
  id: string
  name: string
  contactId: string
  /** The address of the contact. */
  email: string
  data: { [name: string]: Json }
  createdAt: string
}

export interface EventNames {
  eventNames: string[]
  /** Whether these are all the names there are. */
  isComplete: boolean
}

export interface EventStats {
  data: {
    name: string
    count: number
    /** When the first was reported. */
    firstAt: string
    /** When the latest was reported. */
    lastAt: string
  }[]
  /** Whether these are all the names there are. */
  isComplete: boolean
}

export interface EventUsage {
  name: string
  count: number
  /** When the first was reported; null where there is none. */
  firstAt: string | null
  /** When the latest was reported; null where there is none. */
  lastAt: string | null
}

/** The job that was begun. */
export interface EventDeletion {
  message: string
  /** The job to watch, with `jobs.get`. */
  jobId: string
}

/** A person of the project, known by an e-mail address. */
export interface Contact {
  id: string
  email: string
  subscribed: boolean
  data: { [name: string]: Json }
  createdAt: string
  updatedAt: string
}

/** One page of contacts, newest first. */
export interface ContactPage {
  data: Contact[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** The contact as it is now, and whether it is new. */
export interface UpsertedContact extends Contact {
  _meta: {
    isNew: boolean
    isUpdate: boolean
  }
}

/** What happened with a contact, newest first. */
export interface ContactActivityPage {
  data: (EmailActivity | EventActivity)[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** An email to the contact, as `emails.list` has it. */
export interface EmailActivity extends Email {
  type: 'email'
}

/** Something the contact did, as it was reported. */
export interface EventActivity {
  type: 'event'
  id: string
  name: string
  data: { [name: string]: Json }
  createdAt: string
}

/** Decisions of a contact, newest first. */
export interface ConsentDecisionPage {
  data: ConsentDecision[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A change of consent that the recipient made by a link in their mail. */
export interface ConsentDecision {
  id: string
  /** What came of it. */
  subscribed: boolean
  /** `one-click` is what mail programs send for their reader (RFC 8058). */
  how: 'page' | 'one-click'
  /** Where it came from. */
  ip: string | null
  /** The program that asked. */
  userAgent: string | null
  at: string
}

/** Which of the addresses are contacts. */
export interface FoundContacts {
  /** The contacts with these addresses, each once, in the order of `emails`. */
  found: Contact[]
  /** The addresses that no contact has, each once and as it was given; also those that are malformed. */
  notFound: string[]
}

/** One result for each entry, in the same order. */
export interface UpsertedContacts {
  results: (BatchContactSaved | BatchContactRefused)[]
  created: number
  updated: number
  refused: number
}

/** This contact is stored; `updated`: it was there before. */
export interface BatchContactSaved {
  status: 'created' | 'updated'
  id: string
  email: string
}

/** Nothing came of this entry; `error` says why. */
export interface BatchContactRefused {
  status: 'refused'
  error: {
    code: string
    field: string
    message: string
  }
}

/** The job that was begun. */
export interface BulkReceipt {
  message: string
  /** The job to watch, with `jobs.get` or `contacts.bulkJob`. */
  jobId: string
}

/** A job on many contacts. */
export interface BulkJob {
  id: string
  /** `failed`: also when it was cancelled. */
  state: 'waiting' | 'active' | 'completed' | 'failed'
  /** In whole per cent. */
  progress: number
  /** Null until the end. */
  result: BulkResult | null
  failedReason: string | null
}

/** What became of the contacts. */
export interface BulkResult {
  /** How many contacts were looked at. */
  totalRequested: number
  /** How many were changed or deleted. */
  successCount: number
  /** How many were so already. */
  unchangedCount: number
  /** How many ids are no contact of the project. */
  failureCount: number
  /** The first 100 of them. */
  errors: {
    contactId: string
    code: string
    message: string
  }[]
}

/** One page of templates, newest first. */
export interface TemplatePage {
  data: TemplateSummary[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A template without its content. */
export interface TemplateSummary {
  id: string
  name: string
  description: string | null
  type: TemplateType
  subject: string
  /** The version that is sent; null: none yet. */
  publishedVersion: number | null
  /** The version that waits to be published; null: none. */
  draftVersion: number | null
  createdAt: string
  updatedAt: string
}

/** A template, with the content of one of its versions. */
export interface Template extends TemplateSummary {
  /** The version that the content here is of. */
  version: number
  body: string
  text: string | null
  from: string | null
  fromName: string | null
  replyTo: string | null
  variables: TemplateVariable[]
}

/** One page of versions, newest first. */
export interface TemplateVersionPage {
  data: TemplateVersion[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** One state of a template. What was published never changes. */
export interface TemplateVersion {
  version: number
  subject: string
  /** Whether this is the version that is sent. */
  isPublished: boolean
  isDraft: boolean
  createdAt: string
  /** When it was first published. */
  publishedAt: string | null
  /** The name of the person or key that wrote it. */
  createdBy: string | null
}

/** What a template is used for. */
export interface TemplateUsage {
  /** How much mail was accepted with it. */
  emails: number
  lastUsedAt: string | null
}

/** The mail that a recipient would get, and what to look at before. */
export interface RenderedTemplate {
  subject: string
  html: string | null
  text: string | null
  warnings: {
    code: 'unknown-variable' | 'missing-alt' | 'no-unsubscribe-link' | 'clipped-by-gmail'
    message: string
  }[]
}

/** The test mail that was accepted. */
export interface TestEmail {
  /** The id of the email. */
  email: string
  captured: boolean
}

/** What can be known of an address without sending to it. */
export interface AddressCheck {
  /** The address in its one form, or as it was given where it is malformed. */
  email: string
  /** Whether mail to it could be delivered, as far as can be seen from outside. */
  valid: boolean
  /** Whether its domain hands out addresses for a few minutes. */
  isDisposable: boolean
  /** Whether it belongs to an office and not a person, such as `info@`. */
  isRole: boolean
  /** The same as `isPlusAddressed`, by Plunk’s name. */
  isAlias: boolean
  /** Whether it has a tag, as in `ada+news@`. */
  isPlusAddressed: boolean
  /** Whether its domain is that of a mail provider for everybody. */
  isPersonalEmail: boolean
  /** Whether another domain was probably meant; see `suggestedEmail`. */
  isTypo: boolean
  suggestedEmail?: string
  domainExists: boolean
  /** Whether the domain names servers for its mail (RFC 5321, section 5.1). */
  hasMxRecords: boolean
  /** Whether the domain has an address of its own in DNS. */
  hasWebsite: boolean
  /** True where DNS gave no answer in time, so nothing is held against the address. */
  isUncertain: boolean
  /** What was found, in words. */
  reasons: string[]
}

/** A project: contacts, mails and keys that belong together. */
export interface Project {
  id: string
  name: string
  /** Who mails are from where a request names nobody. */
  defaultSender: {
    email: string
    name: string | null
  }
  /** The domains that the project may send from. */
  domains: string[]
  /** The language of its mails where none is said (BCP 47). */
  language: string
  /** Where its days begin and its times are meant (IANA). */
  timeZone: string
  /** For the footer of marketing mail. */
  postalAddress: string | null
  /** How long mails and events are kept; null: for good. */
  retentionDays: number | null
  createdAt: string
}

/** The numbers of a project, day by day. */
export interface Stats {
  timeZone: string
  total: {
    /** Mails that were accepted. */
    accepted: number
    /** Mails that a relay took. */
    sent: number
    /** Mails that failed for good. */
    failed: number
    /** Attempts that a server put off; one mail can have several. */
    deferred: number
  }
  /** Every day, first to last. */
  days: {
    date: string
    /** Mails that were accepted. */
    accepted: number
    /** Mails that a relay took. */
    sent: number
    /** Mails that failed for good. */
    failed: number
    /** Attempts that a server put off; one mail can have several. */
    deferred: number
  }[]
}

/** One page of keys, newest first. */
export interface KeyPage {
  data: Key[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** An API key, without its secret. */
export interface Key {
  id: string
  name: string
  kind: 'public' | 'secret'
  /** `expiring`: it works until `expiresAt`. */
  status: 'active' | 'expiring' | 'expired' | 'revoked'
  /** How the key begins and ends. */
  hint: string
  /** The key itself, where it is public; null for a secret one. */
  publicKey: string | null
  scopes: Scope[]
  /** Addresses and networks it may be used from; empty: any. */
  allowedIps: string[]
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  /** At most a minute late. */
  lastUsedAt: string | null
  lastUsedIp: string | null
  /** The key that regenerating made of this one. */
  replacedBy: string | null
}

/** An API key with its secret. */
export interface KeyWithSecret extends Key {
  /** The key itself. */
  key: string
}

/** The new key, and the one that it replaces. */
export interface RegeneratedKey {
  key: KeyWithSecret
  replaced: Key
}

/** One page of messages, newest first. */
export interface InboxPage {
  data: InboxMessage[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A message that the built-in inbox caught. */
export interface InboxMessage {
  id: string
  /** The email that this message carries. */
  emailId: string
  /** The envelope sender. */
  from: string
  /** The envelope recipients. */
  to: string[]
  subject: string
  sizeBytes: number
  receivedAt: string
}

/** How many messages were deleted. */
export interface ClearedInbox {
  deleted: number
}

/** A message as a mail program reads it. */
export interface InboxMessageDetails extends InboxMessage {
  html: string | null
  text: string | null
  headers: {
    name: string
    value: string
  }[]
  headerFrom: ReadMailbox | null
  headerTo: ReadMailbox[]
  headerCc: ReadMailbox[]
  replyTo: ReadMailbox[]
  /** The links found in the mail. */
  links: string[]
  attachments: {
    filename: string | null
    contentType: string
    sizeBytes: number
    contentId: string | null
    disposition: string | null
  }[]
}

/** An address and name as a mail program reads them. */
export interface ReadMailbox {
  email: string
  name: string
}

/** A message as it came over the wire. */
export interface InboxSource {
  id: string
  /** The message (RFC 5322), byte for byte, one character each. */
  source: string
}

/** One page of jobs, newest first. */
export interface JobPage {
  data: Job[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** Long work of the project, done in the background. */
export interface Job {
  id: string
  kind: JobKind
  status: JobStatus
  progress: {
    /** How many things are done. */
    done: number
    /** How many there are; null while they are being counted. */
    total: number | null
    /** Whole per cent, 100 only at the end; null while `total` is. */
    percent: number | null
  }
  /** What came of it so far; which fields, the kind says. */
  result: { [name: string]: Json } | null
  /** Why it failed, in words. */
  error: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

/** One page of requests, newest first. */
export interface RequestPage {
  data: ApiRequest[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A request to the API, without what was in it. */
export interface ApiRequest {
  /** The X-Request-ID of the answer. */
  id: string
  /** When it came in. */
  at: string
  keyId: string | null
  userId: string | null
  /** The HTTP method, or `tRPC` for a call over tRPC, of which a request can bring several. */
  method: string
  /** What was asked for, such as `emails.send`; never the address itself. */
  operation: string
  /** The HTTP status; 499 where the caller went away before the answer. */
  status: number
  /** The code of the refusal, if it was one. */
  code: string | null
  durationMs: number
  ip: string | null
}

/** One page of the audit log, newest first. */
export interface AuditPage {
  data: AuditEntry[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** Something that was done, and by whom. */
export interface AuditEntry {
  id: string
  at: string
  actor: {
    /** `system`: the operator, or Posthorn itself. */
    kind: 'key' | 'user' | 'system'
    id: string | null
    /** The name at that time. */
    name: string | null
  }
  /** What was done, such as `key.created`. */
  action: string
  /** What it was done to. */
  target: string | null
  detail: { [name: string]: Json }
  ip: string | null
}

/** One page of the audit log as CSV. */
export interface AuditExport {
  csv: string
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
}

/**
 * Why a request was refused. Codes never change their meaning.
 *
 * - `SIGN_IN_NEEDED`: Only somebody who is signed in can do this, and the session is over.
 * - `PROOF_NEEDED`: The password must be given again, because the last proof is too old.
 * - `ROLE_TOO_LOW`: The role in the project does not allow this.
 * - `NOT_ALLOWED`: This is not allowed to the one who asks.
 * - `PROJECT_NEEDED`: A session must say which project it means.
 * - `SESSION_NOT_FOUND`: The account has no such session.
 * - `MEMBER_NOT_FOUND`: The project has no such member.
 * - `PROVIDER_NOT_LINKED`: The account is not linked to this provider.
 * - `LAST_WAY_IN`: An account keeps at least one way to sign in.
 * - `NO_PASSWORD`: The account has no password.
 * - `INVITATION_NOT_FOUND`: The invitation was used, taken back, or has expired.
 * - `ALREADY_MEMBER`: The person works on the project already.
 * - `LAST_OWNER`: A project keeps at least one owner.
 * - `MISSING_AUTH`: The request carries no usable Authorization header.
 * - `INVALID_API_KEY`: The key is unknown, revoked, expired or of the wrong kind.
 * - `INSUFFICIENT_SCOPE`: The key is good but was not given this scope.
 * - `ADDRESS_NOT_ALLOWED`: The key may not be used from this network address.
 * - `SENDER_UNVERIFIED`: The project may not send from this domain.
 * - `SCOPE_NOT_HELD`: A key cannot grant what it does not hold itself.
 * - `INVALID_REQUEST_BODY`: The body is not the JSON that it claims to be.
 * - `BAD_REQUEST`: The request is malformed outside its body.
 * - `REQUEST_TIMEOUT`: The request took too long to arrive.
 * - `HEADERS_TOO_LARGE`: The headers are larger than is taken.
 * - `UNSUPPORTED_MEDIA_TYPE`: The body is not JSON in UTF-8.
 * - `PAYLOAD_TOO_LARGE`: The body is larger than this operation takes.
 * - `VALIDATION_ERROR`: Fields are missing or wrong; `errors` names each.
 * - `ROUTE_NOT_FOUND`: No operation lives at this address.
 * - `METHOD_NOT_ALLOWED`: The address exists, but not with this method.
 * - `EMAIL_NOT_FOUND`: The project has no such email.
 * - `CONTACT_NOT_FOUND`: The project has no such contact.
 * - `CONTACT_EXISTS`: Another contact of the project has this address already.
 * - `JOB_NOT_FOUND`: The project has no such job.
 * - `JOB_FINISHED`: The job has reached its end.
 * - `TEMPLATE_NOT_FOUND`: The project has no such template, or none that is published.
 * - `NO_SUCH_VERSION`: The template has no such version.
 * - `TEMPLATE_NAME_TAKEN`: Another template of the project has this name.
 * - `TEMPLATE_INVALID`: The template has a mistake; `errors` says in which part, line and column.
 * - `CONTACT_UNSUBSCRIBED`: A marketing template goes to subscribed contacts alone.
 * - `KEY_NOT_FOUND`: The project has no such key.
 * - `MESSAGE_NOT_FOUND`: The inbox holds no such message of the project.
 * - `PROJECT_NOT_FOUND`: There is no such project.
 * - `INBOX_OFF`: Mail goes to a real relay, so there is no built-in inbox.
 * - `ATTACHMENT_NOT_FOUND`: The mail has no attachment at this place.
 * - `AUDIT_ENTRY_NOT_FOUND`: The audit log of the project has no such entry.
 * - `REQUEST_NOT_FOUND`: The log holds no such request of the project.
 * - `EMAIL_NOT_COMPOSABLE`: No valid message can be made of the email.
 * - `TOO_MANY_STREAMS`: The one who asks has too many streams of changes open already.
 * - `TOO_MANY_TRIES`: This was done too often within a short time.
 * - `EMAIL_NOT_WAITING`: The email is being sent or has reached its end.
 * - `KEY_NOT_ACTIVE`: The key was revoked, replaced or has expired.
 * - `KEY_NOT_READABLE`: The key was sealed under another master key. It works, but it cannot be shown.
 * - `IDEMPOTENCY_IN_PROGRESS`: The first request with this Idempotency-Key is still running.
 * - `IDEMPOTENCY_KEY_REUSED`: The Idempotency-Key was used before for another request.
 * - `SERVER_BUSY`: Other large requests hold the memory that is set aside for them.
 * - `MIGRATIONS_PENDING`: The database lacks tables that this version needs. Only `/ready` says so.
 * - `SERVICE_UNAVAILABLE`: The database cannot be reached at the moment.
 * - `INTERNAL_SERVER_ERROR`: A fault of Posthorn; the log has it under the request id.
 */
export type ErrorCode =
  | 'SIGN_IN_NEEDED'
  | 'PROOF_NEEDED'
  | 'ROLE_TOO_LOW'
  | 'NOT_ALLOWED'
  | 'PROJECT_NEEDED'
  | 'SESSION_NOT_FOUND'
  | 'MEMBER_NOT_FOUND'
  | 'PROVIDER_NOT_LINKED'
  | 'LAST_WAY_IN'
  | 'NO_PASSWORD'
  | 'INVITATION_NOT_FOUND'
  | 'ALREADY_MEMBER'
  | 'LAST_OWNER'
  | 'MISSING_AUTH'
  | 'INVALID_API_KEY'
  | 'INSUFFICIENT_SCOPE'
  | 'ADDRESS_NOT_ALLOWED'
  | 'SENDER_UNVERIFIED'
  | 'SCOPE_NOT_HELD'
  | 'INVALID_REQUEST_BODY'
  | 'BAD_REQUEST'
  | 'REQUEST_TIMEOUT'
  | 'HEADERS_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'PAYLOAD_TOO_LARGE'
  | 'VALIDATION_ERROR'
  | 'ROUTE_NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'EMAIL_NOT_FOUND'
  | 'CONTACT_NOT_FOUND'
  | 'CONTACT_EXISTS'
  | 'JOB_NOT_FOUND'
  | 'JOB_FINISHED'
  | 'TEMPLATE_NOT_FOUND'
  | 'NO_SUCH_VERSION'
  | 'TEMPLATE_NAME_TAKEN'
  | 'TEMPLATE_INVALID'
  | 'CONTACT_UNSUBSCRIBED'
  | 'KEY_NOT_FOUND'
  | 'MESSAGE_NOT_FOUND'
  | 'PROJECT_NOT_FOUND'
  | 'INBOX_OFF'
  | 'ATTACHMENT_NOT_FOUND'
  | 'AUDIT_ENTRY_NOT_FOUND'
  | 'REQUEST_NOT_FOUND'
  | 'EMAIL_NOT_COMPOSABLE'
  | 'TOO_MANY_STREAMS'
  | 'TOO_MANY_TRIES'
  | 'EMAIL_NOT_WAITING'
  | 'KEY_NOT_ACTIVE'
  | 'KEY_NOT_READABLE'
  | 'IDEMPOTENCY_IN_PROGRESS'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'SERVER_BUSY'
  | 'MIGRATIONS_PENDING'
  | 'SERVICE_UNAVAILABLE'
  | 'INTERNAL_SERVER_ERROR'

/** One wrong field. */
export interface FieldError {
  /** Where it is. */
  field: string
  /** Why it was refused. */
  message: string
  /** The kind of fault, to branch on. */
  code: string
}
