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
  /** The topic of a mail that is made of a marketing template: it goes to who chose it, and its links leave it. */
  topic?: string
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
  /** What older clients of Plunk say of `body`. */
  type?: 'html'
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
  /** The topic of a mail that is made of a marketing template: it goes to who chose it, and its links leave it. */
  topic?: string
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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

/** Which emails to export, and how. */
export interface ExportEmails {
  /** `csv` for spreadsheets, or `jsonl` for programs: one JSON object on each line. Left out: csv. */
  format?: 'csv' | 'jsonl'
  /** Begin CSV with a byte order mark, by which Excel knows that it is UTF-8. */
  bom?: boolean | 'true' | 'false'
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
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
  /**
   * Your own id of the event. Reported again with the same one, it is not stored again, and the answer is that of
   * the first time.
   */
  eventId?: string
  /**
   * Facts of the event, merged into the contact: merged key by key, `null` deletes, and `""` changes nothing.
   * `id`, `email`, `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and
   * `locale` is text. With a public key, only what the contact lacks is added, but for the `browserFields` of the
   * project, which are overwritten. `{"value": …, "persistent": false}` stays with the event.
   */
  data?: { [name: string]: Json }
}

/** How a person agreed to get mail. It is kept as the proof. */
export interface Consent {
  /** Where the person agreed, such as `checkout` or the address of a page. */
  source: string
  /** The words that the person agreed to, or the name of their version. */
  text?: string
  /** The IP address of the person, not that of your server. */
  ip?: string
  /** The browser of the person. */
  userAgent?: string
  /**
   * When the person agreed, where that was earlier. Who opted out after that is not brought back; left out, it is
   * when you ask, but an import brings nobody back then.
   */
  at?: string | Date
  /**
   * The person has shown already that the address is theirs, so they are not asked by mail (double opt-in). Says
   * nothing with a public key.
   */
  confirmed?: boolean
}

/** Up to 500 events. */
export interface TrackBatch {
  /** The events, as `events.track` takes them. */
  events: ({ [name: string]: Json } | TrackEvent)[]
}

/** An event to report, in the words of Plunk. */
export interface ReportEvent {
  /** What happened; or `name`. */
  event?: string
  /** Whose event it is; or `contactId`. */
  email?: string
  /**
   * Changes the consent of the contact; left out, it stays as it is. With a public key it counts for a new contact
   * alone.
   */
  subscribed?: boolean
  /**
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
  /**
   * Your own id of the event. Reported again with the same one, it is not stored again, and the answer is that of
   * the first time.
   */
  eventId?: string
  /**
   * Facts of the event, merged into the contact: merged key by key, `null` deletes, and `""` changes nothing.
   * `id`, `email`, `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and
   * `locale` is text. With a public key, only what the contact lacks is added, but for the `browserFields` of the
   * project, which are overwritten. `{"value": …, "persistent": false}` stays with the event.
   */
  data?: { [name: string]: Json }
  /** What happened, such as `signed-up`. */
  name?: string
  /** The id of the contact whose event it is; null counts as left out. */
  contactId?: string | null
}

/** Which events to list. */
export interface ListEvents {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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

/** Which events to export, and how. */
export interface ExportEvents {
  /** `csv` for spreadsheets, or `jsonl` for programs: one JSON object on each line. Left out: csv. */
  format?: 'csv' | 'jsonl'
  /** Begin CSV with a byte order mark, by which Excel knows that it is UTF-8. */
  bom?: boolean | 'true' | 'false'
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

/** Which events to count. */
export interface GetEventDays {
  /** Events of this name. */
  name?: string
  /** How many days. Left out: 30. */
  days?: number
}

/** What to change of a contact. */
export interface UpdateContact {
  /** A new address; mails that were sent keep the old one. */
  email?: string
  /** True is refused for who opted out, unless `consent` says how they agreed anew. */
  subscribed?: boolean
  /**
   * Topics by id: true to choose it, false to leave it; others stay as they are. Who left a topic comes back to it
   * by a `consent` alone.
   */
  topics?: { [name: string]: boolean }
  /**
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
  /** Contacts whose address has this in it; of a domain in letters outside ASCII, whole words of it. */
  search?: string
  /** Contacts that have this field of `data`, such as `plan`. */
  field?: string
  /**
   * Contacts that have exactly this in `field`, or in the list that stands there. `42`, `true` and `false` are
   * found as text and as what they look like.
   */
  value?: string
  /** Contacts with this consent. */
  subscribed?: boolean | 'true' | 'false'
}

/** What to know of a contact. */
export interface UpsertContact {
  /** An e-mail address. Case and surrounding blanks do not matter. */
  email: string
  /**
   * Left out: true for a new contact, unchanged for a known one. True brings nobody back who opted out, unless
   * `consent` says how they agreed anew.
   */
  subscribed?: boolean
  /**
   * Topics by id: true to choose it, false to leave it; others stay as they are. Who left a topic comes back to it
   * by a `consent` alone.
   */
  topics?: { [name: string]: boolean }
  /**
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   */
  data?: { [name: string]: Json }
}

/** Which contacts to export, and how. */
export interface ExportContacts {
  /** `csv` for spreadsheets, or `jsonl` for programs: one JSON object on each line. Left out: csv. */
  format?: 'csv' | 'jsonl'
  /** Begin CSV with a byte order mark, by which Excel knows that it is UTF-8. */
  bom?: boolean | 'true' | 'false'
  /** Contacts whose address has this in it; of a domain in letters outside ASCII, whole words of it. */
  search?: string
  /** Contacts that have this field of `data`, such as `plan`. */
  field?: string
  /**
   * Contacts that have exactly this in `field`, or in the list that stands there. `42`, `true` and `false` are
   * found as text and as what they look like.
   */
  value?: string
  /** Contacts with this consent. */
  subscribed?: boolean | 'true' | 'false'
}

export interface ListContactActivity {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
}

export interface ListConsentDecisions {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
}

/** How to write it down. */
export interface ExportPerson {
  /** `json`: one list. `jsonl`: one record on each line. Left out: json. */
  format?: 'json' | 'jsonl'
}

/** Which fields to list. */
export interface ListContactFields {
  /** Fields with this in their name. */
  search?: string
  /** How many fields to answer with. Left out: 1000. */
  limit?: number
}

export interface ListFieldValues {
  /** How many values to answer with. Left out: 200. */
  limit?: number
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
  /**
   * Left out: true for a new contact, unchanged for a known one. True brings nobody back who opted out, unless
   * `consent` says how they agreed anew.
   */
  subscribed?: boolean
  /** As `contacts.upsert` takes them. */
  topics?: { [name: string]: boolean }
  /**
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
  /**
   * Facts kept on the contact: merged key by key, `null` deletes, and `""` changes nothing. `id`, `email`,
   * `plunk_id`, `plunk_email`, `unsubscribeUrl`, `subscribeUrl`, `manageUrl` are reserved, and `locale` is text.
   */
  data?: { [name: string]: Json }
}

/** Which contacts to subscribe, and how they agreed. */
export interface SubscribeContacts extends SelectContacts {
  /**
   * How the person agreed, with `subscribed: true` or with topics. Somebody who opted out comes back by this
   * alone, and only where they agreed after that.
   */
  consent?: Consent
}

/** Which contacts to work on. */
export interface SelectContacts {
  /** `ids`: the contacts of `contactIds`. `query`: all that fit `filter` at the time of the call. */
  mode: 'ids' | 'query'
  /** Which contacts, with mode `ids`. */
  contactIds?: string[]
  /** Which contacts, with mode `query`, which needs it; `{}` is all contacts of the project. */
  filter?: {
    /** Contacts whose address has this in it; of a domain in letters outside ASCII, whole words of it. */
    search?: string
    /** Contacts that have this field of `data`, such as `plan`. */
    field?: string
    /**
     * Contacts that have exactly this in `field`, or in the list that stands there. `42`, `true` and `false` are
     * found as text and as what they look like.
     */
    value?: string
    /** Contacts with this consent. */
    subscribed?: boolean
  }
  /** Contacts that are left as they are all the same. */
  excludeIds?: string[]
}

/** What is known of the file, and what to do with it. */
export interface ImportContacts extends UploadImport {
  /**
   * What happens to a contact that is there: `merge` its data key by key, where an empty cell changes nothing;
   * `skip` the row; or `replace` all of its data. Left out: merge.
   */
  onConflict?: 'merge' | 'skip' | 'replace'
  /** Count and check all, and change nothing. */
  dryRun?: boolean | 'true' | 'false'
}

/** What is known of the file. */
export interface UploadImport {
  /** What the file is called, for people. */
  filename?: string
  /** Left out, it is found: by a byte order mark, or UTF-8 where it is that, or else Latin-1. */
  encoding?: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'
  /** What stands between two cells; left out, it is found. */
  delimiter?: 'comma' | 'semicolon' | 'tab' | 'pipe'
  /** Whether the first row names the columns; left out, it does unless an address stands in it. */
  header?: boolean | 'true' | 'false'
}

/** Which page of imports to list. */
export interface ListImports {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
}

/** What to do with the rows of a file. */
export interface StartImport {
  /** What becomes of each column; one that is not named is ignored. Left out, what the import suggests. */
  columns?: ImportColumnMapping[]
  /**
   * What happens to a contact that is there: `merge` its data key by key, where an empty cell changes nothing;
   * `skip` the row; or `replace` all of its data. Left out: merge.
   */
  onConflict?: 'merge' | 'skip' | 'replace'
  /** Count and check all, and change nothing. The import can be started again then. Left out: false. */
  dryRun?: boolean
  /**
   * How these people agreed to get mail; it is kept for each. Those whose row says `subscribed`, or all where no
   * column says so, come back by it where they opted out before `at`; without `at`, nobody does who opted out.
   * Where the project or a topic asks people to confirm (double opt-in), it subscribes only with `confirmed`.
   */
  consent?: Consent
}

/** What becomes of a column. */
export interface ImportColumnMapping {
  /** The column, by its name in `columns` of the import. */
  column: string
  /**
   * `email`: the address; `subscribed`: yes or no to mail; `unsubscribed`: yes, or since when, where the person
   * refuses; other cells say nothing; `optedOutAt`: the same; beside it, who is not `subscribed` and has none here
   * never refused, and is not kept from subscribing; `status`: a word such as `subscribed`, `unsubscribed`,
   * `bounced` or `pending`; `topics`: a JSON object of topics, true for those that were chosen and false for those
   * that were left; `field`: a field of `data`; `data`: a JSON object of fields; `ignore`: nothing
   */
  to: 'email' | 'subscribed' | 'unsubscribed' | 'optedOutAt' | 'status' | 'topics' | 'field' | 'data' | 'ignore'
  /** Which field, with `to: field`; left out, the name of the column. */
  field?: string
  /** How its cells are read, with `to: field`; left out, `string`. */
  type?: ImportColumnType
}

/**
 * `string`: text, as it stands there; `number`: a number such as 12.5; `boolean`: `true` or `false`, `yes` or
 * `no`, `1` or `0`; `date`: a date or time in ISO 8601, such as 2026-01-31; `list`: a list: JSON, or words with
 * `;`, `|` or `,` between them; `any`: what an export writes: JSON where it is JSON, else text
 */
export type ImportColumnType = 'string' | 'number' | 'boolean' | 'date' | 'list' | 'any'

/** Of which import. */
export interface ListImportProblems {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
}

/** Of which import, and how. */
export interface GetImportReport {
  /** `csv` for spreadsheets, or `jsonl` for programs: one JSON object on each line. Left out: csv. */
  format?: 'csv' | 'jsonl'
  /** Begin CSV with a byte order mark, by which Excel knows that it is UTF-8. */
  bom?: boolean | 'true' | 'false'
}

/** The topic to create. */
export interface CreateTopic {
  /** A short name for programs, such as `weekly`. It cannot be changed. */
  id: string
  /** What recipients read, such as `Weekly digest`. */
  name: string
  description?: string | null
  /** True (opt-out): who chose nothing gets it. False (opt-in): only who chose it does. Left out: false. */
  subscribedByDefault?: boolean
  /**
   * Who chooses it is asked by mail to confirm that; not with `subscribedByDefault`, where nobody chooses. Left
   * out: false.
   */
  doubleOptIn?: boolean
  /** Recipients see it on the page that their links lead to, and choose there. Left out: true. */
  visible?: boolean
}

/** What to change of a topic. */
export interface UpdateTopic {
  /** What recipients read, such as `Weekly digest`. */
  name?: string
  description?: string | null
  /** True (opt-out): who chose nothing gets it. False (opt-in): only who chose it does. */
  subscribedByDefault?: boolean
  /** Who chooses it is asked by mail to confirm that; not with `subscribedByDefault`, where nobody chooses. */
  doubleOptIn?: boolean
  /** Recipients see it on the page that their links lead to, and choose there. */
  visible?: boolean
}

/** Which templates to list. */
export interface ListTemplates {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
  /** The number of a page, for clients that count pages. Means nothing beside a `cursor`, which is better. */
  page?: number
  /** The same as `limit`, beside `page`. */
  pageSize?: number
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
  /** What an editor made the `body` of, to open it again. A `body` that comes without one has none. */
  design?: TemplateDesign | null
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

/** The document of an editor. Posthorn keeps it, and reads nothing in it. */
export type TemplateDesign = { [name: string]: Json }

/** A value that a template is given by whoever sends it. */
export interface TemplateVariable {
  name: string
  type: 'string' | 'number' | 'boolean' | 'date' | 'list' | 'object'
  /**
   * Stands for the value where a recipient has none; of the `type`, or null for nothing. Left out: the value is
   * needed.
   */
  fallback?: Json
}

export interface GetTemplate {
  /** Left out: the draft where there is one, else the published version. */
  version?: number
}

/** What to change of a template. */
export interface UpdateTemplate {
  /**
   * The `revision` that this was made on. Where the content is another by now, it is refused with
   * `TEMPLATE_CHANGED`. Left out: it wins.
   */
  ifRevision?: string
  /** Unique in the project; a send can name the template by it. */
  name?: string
  description?: string | null
  type?: TemplateType
  subject?: string
  /** HTML or MJML, with Liquid in it. MJML is known by its first element, `<mjml>`. */
  body?: string
  /** What an editor made the `body` of, to open it again. A `body` that comes without one has none. */
  design?: TemplateDesign | null
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

/** Which templates to delete. */
export interface BulkUpdateTemplates {
  /** The ids of the templates. */
  ids: string[]
  /** What to do to them. */
  delete: true
}

export interface DuplicateTemplate {
  /** Left out: the old name and “(Copy)”. */
  name?: string
}

/** Which version to send from now on. */
export interface PublishTemplate {
  /** The version to send from now on. Left out: the draft. */
  version?: number
  /**
   * The `revision` that this was made on. Where the content is another by now, it is refused with
   * `TEMPLATE_CHANGED`. Left out: it wins.
   */
  ifRevision?: string
}

/** Which versions to list. */
export interface ListTemplateVersions {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  /** What a send would give in its `data`; it wins over the contact’s, which stays as it is. */
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
  /** What a send would give in its `data`; it wins over the contact’s, which stays as it is. */
  data?: { [name: string]: Json }
}

/** Which pictures to list. */
export interface ListImages {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
}

/** What the picture in the body is called. */
export interface UploadImage {
  /** What the file is called. Left out: as the form says. */
  name?: string
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
  /** A time zone: `UTC`, or area and city as in the IANA database. */
  timeZone?: string
  /** Null takes it away. */
  postalAddress?: string | null
  doubleOptIn?: boolean
  /** Mails that ended and events that are older are deleted. Null: kept for good. */
  retentionDays?: number | null
  /**
   * The fields of a contact that may be overwritten with a public key, which anybody can read off a page. None by
   * default.
   */
  browserFields?: string[]
}

/** Which days to count. */
export interface GetStats {
  /** How many days, today included. Left out: 30. */
  days?: number
  /** Whose days; left out: those of the project’s time zone. */
  timeZone?: string
}

/** What to list. */
export interface ListActivity {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
  /** Only this. */
  type?: 'email' | 'event' | 'contact' | 'consent' | 'template' | 'job'
  /**
   * Only these, with commas between them: `email,event`. Plunk’s words for them, such as `event.triggered`, are
   * taken as well.
   */
  types?: string
  /** What is about this contact, by its id or address. */
  contact?: string
  /** The same as `contact`, in the words of Plunk. */
  contactId?: string
  /** What is about this template, by its id. */
  template?: string
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
  /** The same as `since`, in the words of Plunk; or a day in UTC. */
  startDate?: string
  /** The same as `until`, in the words of Plunk; or a day in UTC. */
  endDate?: string
}

/** Which numbers, and how to divide them. */
export interface GetTimeseries extends GetSummary {
  /** How long a point is. Left out: day. */
  granularity?: 'hour' | 'day' | 'week' | 'month'
  /** Whose hours and days; left out: those of the project’s time zone. */
  timeZone?: string
  /** What to tell apart. Left out: none. */
  groupBy?: 'none' | 'stream' | 'template' | 'domain'
  /** How many groups to show by themselves, those with most mail first. Left out: 5. */
  groups?: number
}

/** Which mails to count. */
export interface GetSummary {
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
  /** Mails of this kind. */
  stream?: EmailStream
  /** Mails that were made of this template, by its id. */
  template?: string
  /** Mails to this domain, as it is after the @ of an address. */
  domain?: string
}

/** What to list, and by which number. */
export interface ListTop {
  /** From this moment on. */
  since?: string | Date
  /** Before this moment. */
  until?: string | Date
  /** Mails of this kind. */
  stream?: EmailStream
  /** What to list. */
  by: 'template' | 'domain'
  /** By which number. Left out: accepted. */
  sort?: 'accepted' | 'sent' | 'failed' | 'deferred'
  /** How many to show by themselves. Left out: 10. */
  limit?: number
}

/** Which page of keys to list. */
export interface ListKeys {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  | 'contacts:erase'
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
  cursor?: string
  /** Jobs of this kind. */
  kind?: JobKind
  /** Jobs with this status. */
  status?: JobStatus
}

/** What a job does. */
export type JobKind =
  | 'contacts.subscribe'
  | 'contacts.unsubscribe'
  | 'contacts.delete'
  | 'contacts.delete-field'
  | 'contacts.erase'
  | 'contacts.import'
  | 'events.delete'

/** Where a job is. The last three are final. */
export type JobStatus = 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** Which requests to list. */
export interface ListRequests {
  /** How many items to answer with. Left out: 20. */
  limit?: number
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  /** The `cursor` of the page before, with the same filters; leave out for the first page. */
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
  /** The id of the contact; with a public key another one, always the same, that says nothing of the contact. */
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

/** How many events there were, day by day. */
export interface EventDays {
  total: number
  /** The oldest first. */
  days: {
    date: string
    count: number
  }[]
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
  /** Since when they refuse; null: they never did, or came back. */
  optedOutAt: string | null
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
  /** How many contacts fit in the whole list, on each of its pages; `totalIs` says how sure that is. */
  total: number
  /**
   * `exact`: also of a search among no more than 25,000 contacts, or that fits no more than 5,000 where the index
   * can tell; `estimate`: reckoned from the newest contacts and some of all times before; `at-least`: so many were
   * seen, and nothing tells of more.
   */
  totalIs: 'exact' | 'estimate' | 'at-least'
}

/** The contact as it is now, and whether it is new. */
export interface UpsertedContact extends Contact {
  _meta: {
    isNew: boolean
    isUpdate: boolean
    consent: ConsentState
    /** How things stand with the topics that were named. */
    topics?: { [name: string]: ConsentState }
  }
}

/**
 * `pending`: subscribed as soon as they press the button in the mail that asks them. `opted-out`: they refuse,
 * and no `subscribed: true` changes that without a `consent` that is newer.
 */
export type ConsentState = 'subscribed' | 'unsubscribed' | 'pending' | 'opted-out'

/** A contact with the topics that it chose or left. */
export interface ExportedContact extends Contact {
  /** What they chose: true for topics that they want, false for those that they left. */
  topics: { [name: string]: boolean } | null
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

/** Something that a person agreed to or refused, and how one knows. */
export interface ConsentDecision {
  id: string
  /** What came of it. */
  subscribed: boolean
  /** The topic that it is about; null: all mail. */
  topic: string | null
  /**
   * `page` and `one-click` (the button of a mail program, RFC 8058) are links in mail; `confirmation` is the
   * button of a double opt-in.
   */
  how: 'page' | 'one-click' | 'confirmation' | 'api' | 'dashboard' | 'bulk' | 'import' | 'system'
  /** Who said it for the person; null: they did themselves. */
  actor: {
    kind: 'key' | 'user' | 'system'
    id: string | null
    name: string | null
  } | null
  /** Where the person was. */
  ip: string | null
  /** The program of the person. */
  userAgent: string | null
  /** Where the person agreed, as the caller said. */
  source: string | null
  /** What the person agreed to, as the caller said. */
  text: string | null
  /** When the person agreed, as the caller said. */
  givenAt: string | null
  /** When it was kept. */
  at: string
}

/** One thing that is known of a person: each record has one of the fields. */
export interface PersonRecord {
  contact?: Contact
  consent?: ConsentDecision
  /** A choice of the person. */
  topic?: {
    id: string
    subscribed: boolean
    at: string
  }
  /** The last question to the person whether it was they who asked for mail. */
  confirmation?: {
    email: string
    /** Whether it was about all mail. */
    subscribes: boolean
    /** The topics that it was about. */
    topics: string[]
    /** How they had agreed, as the caller said. */
    consent: { [name: string]: Json } | null
    mailedAt: string
    expiresAt: string
    confirmedAt: string | null
  }
  event?: Event
  email?: PersonalEmail
}

/** A mail that went to a person, with its content. */
export interface PersonalEmail extends EmailDetails {
  /** `copied`: the person stands in `cc` or `bcc`. */
  role: 'recipient' | 'copied'
  /** The delivery attempts, first to last. */
  deliveries: Attempt[]
}

/** The job that was begun. */
export interface ErasureReceipt {
  message: string
  /** The job to watch, with `jobs.get`. */
  jobId: string
}

/** All topics of the project, by name, as they stand with the contact. */
export interface TopicsOfContact {
  data: TopicOfContact[]
}

/** How things stand with a topic and a contact. */
export interface TopicOfContact {
  id: string
  name: string
  /** What the contact chose; null: nothing, so the default of the topic counts. */
  choice: boolean | null
  /** `subscribed`: mail of the topic reaches the contact. */
  state: ConsentState
  /** When the contact chose. */
  changedAt: string | null
}

/** The fields that contacts have. */
export interface ContactFields {
  fields: ContactField[]
  /** How many fields this answer has. */
  count: number
  /** Whether these are all the fields there are. */
  isComplete: boolean
  /** How many contacts there are. */
  contacts: number
}

/** A field that contacts have in their `data`. */
export interface ContactField {
  /** Its name with `data.` before it, as templates and filters take it. */
  field: string
  /** Its name as it stands in `data`. */
  name: string
  /** The type that most of its values are of. */
  type: FieldType
  /** How many contacts have a value of each type. */
  types: { [name: string]: number }
  /** How many contacts have it. */
  count: number
  /** The same in per cent of all contacts. */
  coverage: number
}

/** A type of values. Dates are text in ISO 8601. */
export type FieldType = 'string' | 'number' | 'boolean' | 'date' | 'list' | 'object'

/** What stands in a field. */
export interface FieldValues {
  field: string
  /** The values, the most frequent first. */
  values: (string | number | boolean)[]
  /** How many contacts have each of `values`, in the same order. */
  counts: number[]
  /** How many values this answer has. */
  count: number
  limit: number
  /** How many contacts were looked at. */
  contacts: number
}

/** Where a field is used. */
export interface FieldUsage {
  field: string
  /** How many contacts have it. */
  contactCount: number
  /** Templates that name it, or declare a variable of this name. */
  usedInTemplates: {
    id: string
    name: string
  }[]
  /** Whether these are all the templates that do. */
  isComplete: boolean
  /** There are no segments: always empty. */
  usedInSegments: {
    id: string
    name: string
  }[]
  /** There are no campaigns: always empty. */
  usedInCampaigns: {
    id: string
    name: string
  }[]
  /** Whether `contacts.deleteField` takes it. */
  canDelete: boolean
}

/** The job that was begun. */
export interface FieldDeletion {
  message: string
  /** The job to watch, with `jobs.get`. */
  jobId: string
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
  consent: ConsentState
  /** How things stand with the topics that were named. */
  topics?: { [name: string]: ConsentState }
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
  /** How many ids are no contact of the project, and how many of the contacts opted out and cannot be subscribed. */
  failureCount: number
  /** The first 100 of them. */
  errors: {
    contactId: string
    code: string
    message: string
  }[]
}

/** The import that was begun. */
export interface ImportReceipt {
  message: string
  /** The job to watch, with `jobs.get` or `contacts.importJob`. */
  jobId: string
  /** The import, for `imports.get` and its report. */
  importId: string
}

/** A job that imports contacts. */
export interface ImportJob {
  id: string
  /** `failed`: also when it was cancelled. */
  state: 'waiting' | 'active' | 'completed' | 'failed'
  /** In whole per cent. */
  progress: number
  /** Null until the end. */
  result: ImportJobResult | null
  failedReason: string | null
}

/** What became of the rows, in the words of Plunk. */
export interface ImportJobResult {
  totalRows: number
  /** Rows that are stored, or were so already. */
  successCount: number
  createdCount: number
  updatedCount: number
  /** Rows that have a fault or were left out. */
  failureCount: number
  /** The first 100 of them. */
  errors: {
    row: number
    email: string
    error: string
  }[]
}

/** A file of contacts, and what became of it. */
export interface Import {
  id: string
  filename: string | null
  /** `ready`: uploaded, and not started yet. The others are those of its job; the last three are final. */
  status: 'ready' | 'waiting' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  /** How many rows the file has. */
  rows: number
  /** How large it is. */
  bytes: number
  encoding: string
  delimiter: 'comma' | 'semicolon' | 'tab' | 'pipe'
  columns: ImportColumn[]
  /** Whether it was started to change nothing; null before it was started. */
  dryRun: boolean | null
  /** The job that does it; cancel it with `jobs.cancel`. */
  jobId: string | null
  /** How far it is; null before it was started. */
  percent: number | null
  /** What became of the rows so far. */
  counts: ImportCounts | null
  /** How many rows the report has, 100,000 at most. */
  problems: number
  /** Why it failed, in words. */
  error: string | null
  createdAt: string
  finishedAt: string | null
}

/** A column of a file, and what it seems to be. */
export interface ImportColumn {
  /** Its name, made unique; `Column 3` where it has none. */
  name: string
  /** What stands in the first rows. */
  samples: string[]
  /** What it seems to be, or what was chosen for it when the import was started. */
  suggestion: ImportColumnMapping
  /**
   * It seems to say who gets mail, and it is not clear how: the import starts only with `columns` that say what
   * becomes of it.
   */
  unsure: boolean
}

/** What became of the rows. */
export interface ImportCounts {
  /** How many rows are done. */
  rows: number
  /** Rows that became a new contact. */
  created: number
  /** Rows that changed a contact. */
  updated: number
  /** Rows of contacts that were so already. */
  unchanged: number
  /** Rows that were left out: their contact is there already (`skip`), or refused and was erased or deleted. */
  skipped: number
  /** Rows that have a fault. */
  refused: number
  /**
   * Rows, of those above, that want a contact subscribed, or a topic chosen, which opted out of it or has yet to
   * confirm it.
   */
  keptOut: number
}

/** One page of imports, newest first. */
export interface ImportPage {
  data: Import[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** One page of the report. */
export interface ImportProblemPage {
  data: ImportProblem[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A row that was not stored as it stands in the file. */
export interface ImportProblem {
  /** The row, as a spreadsheet counts: the header is row 1. */
  row: number
  /** `kept-out`: the row was stored, and the contact stays unsubscribed, or without a topic that the row chooses. */
  outcome: 'refused' | 'skipped' | 'kept-out'
  /** The column with the fault. */
  column: string | null
  /** What stands there as the address. */
  email: string | null
  /** The kind of problem, to branch on. */
  code: string
  /** What is wrong, and what to do. */
  message: string
}

/** All topics; a project has 100 at most. */
export interface TopicList {
  data: Topic[]
}

/** A kind of mail that people choose by itself. */
export interface Topic {
  id: string
  name: string
  description: string | null
  /** True (opt-out): who chose nothing gets it. False (opt-in): only who chose it does. */
  subscribedByDefault: boolean
  /** Who chooses it is asked by mail to confirm that; not with `subscribedByDefault`, where nobody chooses. */
  doubleOptIn: boolean
  /** Recipients see it on the page that their links lead to, and choose there. */
  visible: boolean
  createdAt: string
  updatedAt: string
}

/** A topic, and how many chose it. */
export interface TopicDetails extends Topic {
  /** How many contacts chose it; counted up to 100000. */
  chosenBy: number
  /** How many contacts left it; counted up to 100000. */
  refusedBy: number
}

/** One page of templates, newest first. */
export interface TemplatePage {
  data: TemplateSummary[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
  /** How many fit in all. This and what follows: unless a `cursor` was given. */
  total?: number
  page?: number
  pageSize?: number
  totalPages?: number
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
  /** Another one for other content, also where a draft was written over: see `ifRevision`. */
  revision: string
  body: string
  /** What an editor made the body of; null: it was written by hand. */
  design: { [name: string]: Json } | null
  text: string | null
  from: string | null
  fromName: string | null
  replyTo: string | null
  variables: TemplateVariable[]
}

/** What became of the templates. */
export interface TemplatesDeleted {
  /** How many were deleted. */
  deleted: number
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
    code:
      | 'unknown-variable'
      | 'missing-value'
      | 'missing-alt'
      | 'no-unsubscribe-link'
      | 'no-postal-address'
      | 'clipped-by-gmail'
    message: string
  }[]
}

/** The test mail that was accepted. */
export interface TestEmail {
  /** The id of the email. */
  email: string
  captured: boolean
}

/** One page of pictures, newest first. */
export interface ImagePage {
  data: Image[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A picture that mail can show. */
export interface Image {
  id: string
  /** Where everybody can load it, for good: the address is made of what is in the file. */
  url: string
  /** As the file was called. */
  name: string
  contentType: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  /** In pixels. */
  width: number
  /** In pixels. */
  height: number
  sizeBytes: number
  createdAt: string
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
  /** Whether its domain is that of a mail provider for everybody, and not of disposable addresses. */
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
  /** For the footer of marketing mail, which cannot be sent without. */
  postalAddress: string | null
  /** Who subscribes is asked by mail to confirm it, and is not subscribed before. */
  doubleOptIn: boolean
  /** How long mails and events are kept; null: for good. */
  retentionDays: number | null
  /** Fields of a contact that a public key overwrites; of all others it only fills those that are not set. */
  browserFields: string[]
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

/** What happened in a project, newest first. */
export interface ActivityPage {
  data: (MailInFeed | EventInFeed | ContactInFeed | ConsentInFeed | TemplateInFeed | JobInFeed)[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

/** A mail that was accepted, with what has become of it; `id` is its own. */
export interface MailInFeed {
  type: 'email'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  contactId: string
  /** Whom it went to. */
  contactEmail: string
  subject: string
  status: EmailStatus
  stream: EmailStream
  templateId: string | null
  /** When it was sent, failed or was cancelled. */
  endedAt: string | null
}

/** Something a contact did, as it was reported; `id` is its own. */
export interface EventInFeed {
  type: 'event'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  contactId: string
  /** The address it has now; null for one that was deleted. */
  contactEmail: string | null
  name: string
  data: { [name: string]: Json }
}

/** A contact that came; `id` is its own. */
export interface ContactInFeed {
  type: 'contact'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  contactId: string
  contactEmail: string
}

/** Something that a person agreed to or refused. */
export interface ConsentInFeed {
  type: 'consent'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  contactId: string
  /** The address it has now; null for one that was deleted. */
  contactEmail: string | null
  /** What came of it. */
  subscribed: boolean
  /** The topic that it is about; null: all mail. */
  topic: string | null
  /** By which way, such as `page` or `api`. */
  how: string
}

/** A version of a template that was published for the first time. */
export interface TemplateInFeed {
  type: 'template'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  templateId: string
  name: string
  version: number
}

/** Long work that was asked for, with how it stands; `id` is its own. */
export interface JobInFeed {
  type: 'job'
  /** Unique in the feed, which is in the order of these. */
  id: string
  /** When it happened. */
  at: string
  kind: JobKind
  status: JobStatus
  finishedAt: string | null
}

/** What became of mail over time. */
export interface Timeseries {
  timeZone: string
  granularity: 'hour' | 'day' | 'week' | 'month'
  /** When the first point begins. */
  since: string
  until: string
  total: MailNumbers
  points: {
    start: string
    /** The day in the time zone on which it begins. */
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
  /** Those with most mail first; empty where nothing is told apart. */
  groups: {
    /** `none`: mails of no template. `rest`: all that are not shown, or not known, by name. */
    kind: 'named' | 'none' | 'rest'
    /** The stream, the id of the template, or the domain; null for `none` and `rest`. */
    id: string | null
    /** The same for people; null also for a template that was deleted. */
    name: string | null
    total: MailNumbers
    /** One for each of `points`. */
    points: MailNumbers[]
  }[]
}

/** What became of mails, in numbers. */
export interface MailNumbers {
  /** Mails that were accepted. */
  accepted: number
  /** Mails that a relay took. */
  sent: number
  /** Mails that failed for good. */
  failed: number
  /** Attempts that a server put off; one mail can have several. */
  deferred: number
}

/** The numbers of a span, and of the one before. */
export interface MailSummary {
  since: string
  until: string
  total: MailNumbers
  /** As long, just before. */
  previous: {
    since: string
    until: string
    total: MailNumbers
  }
}

/** The templates or domains with most mail. */
export interface TopGroups {
  since: string
  until: string
  total: MailNumbers
  /** The largest first, `rest` last. */
  data: {
    /** `none`: mails of no template. `rest`: all that are not shown, or not known, by name. */
    kind: 'named' | 'none' | 'rest'
    /** The stream, the id of the template, or the domain; null for `none` and `rest`. */
    id: string | null
    /** The same for people; null also for a template that was deleted. */
    name: string | null
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
 * - `VALIDATION_ERROR`: Fields are missing, wrong or unknown; `errors` names each.
 * - `ROUTE_NOT_FOUND`: No operation lives at this address.
 * - `METHOD_NOT_ALLOWED`: The address exists, but not with this method.
 * - `EMAIL_NOT_FOUND`: The project has no such email.
 * - `CONTACT_NOT_FOUND`: The project has no such contact.
 * - `CONTACT_EXISTS`: Another contact of the project has this address already.
 * - `CONTACT_OPTED_OUT`: The contact opted out, and only they themselves or a consent of theirs that is kept can
 * change that.
 * - `JOB_NOT_FOUND`: The project has no such job.
 * - `IMPORT_NOT_FOUND`: The project has no such import.
 * - `IMPORT_UNREADABLE`: The file is not CSV as it should be. The message says where and why.
 * - `IMPORT_STARTED`: The import was started before.
 * - `IMPORT_RUNNING`: The import is under way.
 * - `TOO_MANY_UPLOADS`: The project uploads several files already.
 * - `TOO_MANY_FILES`: The files that the project uploaded and has not imported are as large together as they may
 * be.
 * - `JOB_FINISHED`: The job has reached its end.
 * - `JOB_UNSTOPPABLE`: The job is of a kind that is done in any case.
 * - `TEMPLATE_NOT_FOUND`: The project has no such template, or none that is published.
 * - `NO_SUCH_VERSION`: The template has no such version.
 * - `TEMPLATE_NAME_TAKEN`: Another template of the project has this name.
 * - `TEMPLATE_CHANGED`: The content of the template is no more what `ifRevision` says.
 * - `TEMPLATE_INVALID`: The template has a mistake; `errors` says in which part, line and column.
 * - `IMAGE_NOT_FOUND`: The project has no such picture.
 * - `IMAGE_INVALID`: The file is no picture that mail programs show.
 * - `TOO_MANY_IMAGES`: The pictures of the project are as many, or as large together, as they may be.
 * - `STORAGE_UNAVAILABLE`: The bucket that pictures are kept in did not answer, or refused.
 * - `CONTACT_UNSUBSCRIBED`: A marketing template goes to subscribed contacts alone.
 * - `TOPIC_NOT_FOUND`: The project has no such topic.
 * - `TOPIC_EXISTS`: The project has a topic with this id already.
 * - `TOO_MANY_TOPICS`: The project has as many topics as it may have.
 * - `POSTAL_ADDRESS_NEEDED`: Marketing mail must name the postal address of its sender.
 * - `KEY_NOT_FOUND`: The project has no such key.
 * - `MESSAGE_NOT_FOUND`: The inbox holds no such message of the project.
 * - `PROJECT_NOT_FOUND`: There is no such project.
 * - `INBOX_OFF`: Mail goes to a real relay, so there is no built-in inbox.
 * - `ATTACHMENT_NOT_FOUND`: The mail has no attachment at this place.
 * - `AUDIT_ENTRY_NOT_FOUND`: The audit log of the project has no such entry.
 * - `REQUEST_NOT_FOUND`: The log holds no such request of the project.
 * - `EMAIL_NOT_COMPOSABLE`: No valid message can be made of the email.
 * - `TOO_MANY_STREAMS`: The one who asks has too many streams of changes open already.
 * - `RATE_LIMITED`: More was asked than the limits of this Posthorn let through at a time.
 * - `TOO_MANY_TRIES`: This was done too often within a short time.
 * - `EMAIL_NOT_WAITING`: The email is being sent or has reached its end.
 * - `KEY_NOT_ACTIVE`: The key was revoked, replaced or has expired.
 * - `KEY_NOT_READABLE`: The key was sealed under another master key. It works, but it cannot be shown.
 * - `IDEMPOTENCY_IN_PROGRESS`: The first request with this Idempotency-Key is still running.
 * - `IDEMPOTENCY_KEY_REUSED`: The Idempotency-Key was used before for another request.
 * - `SERVER_BUSY`: Other large requests hold the memory that is set aside for them, or many slow templates wait.
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
  | 'CONTACT_OPTED_OUT'
  | 'JOB_NOT_FOUND'
  | 'IMPORT_NOT_FOUND'
  | 'IMPORT_UNREADABLE'
  | 'IMPORT_STARTED'
  | 'IMPORT_RUNNING'
  | 'TOO_MANY_UPLOADS'
  | 'TOO_MANY_FILES'
  | 'JOB_FINISHED'
  | 'JOB_UNSTOPPABLE'
  | 'TEMPLATE_NOT_FOUND'
  | 'NO_SUCH_VERSION'
  | 'TEMPLATE_NAME_TAKEN'
  | 'TEMPLATE_CHANGED'
  | 'TEMPLATE_INVALID'
  | 'IMAGE_NOT_FOUND'
  | 'IMAGE_INVALID'
  | 'TOO_MANY_IMAGES'
  | 'STORAGE_UNAVAILABLE'
  | 'CONTACT_UNSUBSCRIBED'
  | 'TOPIC_NOT_FOUND'
  | 'TOPIC_EXISTS'
  | 'TOO_MANY_TOPICS'
  | 'POSTAL_ADDRESS_NEEDED'
  | 'KEY_NOT_FOUND'
  | 'MESSAGE_NOT_FOUND'
  | 'PROJECT_NOT_FOUND'
  | 'INBOX_OFF'
  | 'ATTACHMENT_NOT_FOUND'
  | 'AUDIT_ENTRY_NOT_FOUND'
  | 'REQUEST_NOT_FOUND'
  | 'EMAIL_NOT_COMPOSABLE'
  | 'TOO_MANY_STREAMS'
  | 'RATE_LIMITED'
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
