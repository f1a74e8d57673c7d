const KIB = 1024
const MIB = 1024 * KIB

/** Every limit of the API, in one place; `docs/limits.md` is printed from here. */
export const LIMITS = {
  recipientsPerSend: 50,
  copiesPerEmail: 20,
  emailsPerBatch: 100,
  subjectLength: 998,
  bodyLength: 2 * MIB,
  headersPerEmail: 50,
  headerNameLength: 76,
  headerValueLength: 998,
  attachmentsPerEmail: 20,
  attachmentBytesPerRequest: 25 * MIB,
  filenameLength: 255,
  tagsPerEmail: 20,
  tagLength: 64,
  scheduleAheadDays: 366,
  emailAddressLength: 254,
  localPartLength: 64,
  displayNameLength: 200,
  eventNameLength: 200,
  dataKeys: 250,
  dataKeyLength: 128,
  dataBytes: 64 * KIB,
  /** What merging may make of it; held by a constraint of the table. */
  contactDataBytes: 256 * KIB,
  jsonDepth: 24,
  keyNameLength: 100,
  allowedIpsPerKey: 50,
  idempotencyKeyLength: 256,
  idempotencyHours: 24,
  pageSize: 100,
  pageSizeDefault: 20,
  requestBytes: 512 * KIB,
  /** Base64 makes attachments a third larger; the rest is bodies and headers. */
  mailRequestBytes: 42 * MIB,
  trpcBatchSize: 20,
} as const
