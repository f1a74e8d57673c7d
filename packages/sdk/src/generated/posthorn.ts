// Generated from the contracts by `pnpm generate`. Do not edit.

import { createApi } from '../api.ts'
import type { PosthornOptions } from '../options.ts'
import { EmailsResource } from './emails.ts'
import { EventsResource } from './events.ts'
import { ContactsResource } from './contacts.ts'
import { ImportsResource } from './imports.ts'
import { TopicsResource } from './topics.ts'
import { TemplatesResource } from './templates.ts'
import { ImagesResource } from './images.ts'
import { AddressesResource } from './addresses.ts'
import { ProjectResource } from './project.ts'
import { StatsResource } from './stats.ts'
import { ActivityResource } from './activity.ts'
import { AnalyticsResource } from './analytics.ts'
import { KeysResource } from './keys.ts'
import { InboxResource } from './inbox.ts'
import { JobsResource } from './jobs.ts'
import { RequestsResource } from './requests.ts'
import { AuditResource } from './audit.ts'

/** A client of one Posthorn server, with one key. It keeps no connection and needs no closing. */
export class Posthorn {
  /** Send mail, and see what became of it. */
  readonly emails: EmailsResource
  /** Report what contacts do. */
  readonly events: EventsResource
  /** The people of a project. */
  readonly contacts: ContactsResource
  /** Files of contacts: upload, look at what the columns seem to be, and import. */
  readonly imports: ImportsResource
  /** Kinds of mail that people choose by themselves. */
  readonly topics: TopicsResource
  /** Mails that are written once and filled for each recipient. */
  readonly templates: TemplatesResource
  /** Pictures that mails show. */
  readonly images: ImagesResource
  /** What can be known of an address without sending to it. */
  readonly addresses: AddressesResource
  /** The project that the key belongs to. */
  readonly project: ProjectResource
  /** How much was sent, day by day. */
  readonly stats: StatsResource
  /** What happened in the project, newest first. */
  readonly activity: ActivityResource
  /** What became of mail over time, by kind, template and domain. */
  readonly analytics: AnalyticsResource
  /** API keys. Only a key that was given `keys:*` on purpose may work with them. */
  readonly keys: KeysResource
  /** The built-in inbox, which catches all mail while no relay is set. */
  readonly inbox: InboxResource
  /** Long work that is done in the background: how far it is, and what came of it. */
  readonly jobs: JobsResource
  /** The log of requests to the API. */
  readonly requests: RequestsResource
  /** Who did what, when and from where. */
  readonly audit: AuditResource

  constructor(options: PosthornOptions) {
    const api = createApi(options)
    this.emails = new EmailsResource(api)
    this.events = new EventsResource(api)
    this.contacts = new ContactsResource(api)
    this.imports = new ImportsResource(api)
    this.topics = new TopicsResource(api)
    this.templates = new TemplatesResource(api)
    this.images = new ImagesResource(api)
    this.addresses = new AddressesResource(api)
    this.project = new ProjectResource(api)
    this.stats = new StatsResource(api)
    this.activity = new ActivityResource(api)
    this.analytics = new AnalyticsResource(api)
    this.keys = new KeysResource(api)
    this.inbox = new InboxResource(api)
    this.jobs = new JobsResource(api)
    this.requests = new RequestsResource(api)
    this.audit = new AuditResource(api)
  }
}
