import type { ReplyRule } from './reply-rule.ts'

/** Our connection, our settings and our credentials: the mail is not to blame. */
export const OUR_SIDE = [
  {
    reason: 'rate-limited',
    codes: [421],
    words: /too many|\brate\b|limit|throttl/i,
    verdict: 'deferred',
    scope: 'connection',
    sample: 'mail: 421 4.7.0 Too many messages on this connection',
  },
  {
    reason: 'connection',
    codes: [421],
    verdict: 'deferred',
    scope: 'connection',
    sample: 'rcpt: 421 4.3.2 Service shutting down',
  },
  {
    reason: 'authentication-failed',
    stages: ['auth'],
    verdict: 'deferred',
    scope: 'connection',
    sample: 'auth: 535 5.7.8 Authentication credentials invalid',
  },
  {
    reason: 'tls',
    words: /starttls|(?:encryption|\btls\b).*required/i,
    codes: [451, 530, 550, 554],
    verdict: 'deferred',
    scope: 'connection',
    sample: 'mail: 530 5.7.0 Must issue a STARTTLS command first',
  },
  {
    reason: 'authentication-failed',
    codes: [530, 534, 535, 538],
    verdict: 'deferred',
    scope: 'connection',
    sample: 'mail: 530 5.7.57 Client not authenticated to send mail',
  },
  {
    reason: 'authentication-failed',
    words: /authenticat\w+ (?:is )?required|not authenticated|must (?:first )?authenticate/i,
    verdict: 'deferred',
    scope: 'connection',
    sample: 'rcpt: 550 5.7.1 Authentication required',
  },
  {
    reason: 'connection',
    codes: [503],
    verdict: 'deferred',
    scope: 'connection',
    sample: 'data: 503 5.5.1 Bad sequence of commands',
  },
  {
    reason: 'relaying-denied',
    words:
      /relay(?:ing)? (?:access )?(?:denied|prohibited|not (?:allowed|permitted))|(?:unable|not permitted|not allowed) to relay|(?:do|does) not relay/i,
    verdict: 'deferred',
    sample: 'rcpt: 554 5.7.1 <reader@example.net>: Relay access denied',
  },
] as const satisfies readonly ReplyRule[]

/** What the other side thinks of the sender and of how much it sends. Read before the mailbox rules, since words such as these contradict a 5.1.1. */
export const OUR_NAME = [
  {
    reason: 'sender-unauthenticated',
    enhanced: /^[45]\.7\.(?:2[0-79]|3[0-2]|40|509|515)$/,
    sample: 'final: 550 5.7.515 Access denied, sending domain does not meet the required authentication level',
  },
  {
    reason: 'sender-unauthenticated',
    words: /\b(?:spf|dkim|dmarc)\b/i,
    sample: "final: 550 5.7.1 Unauthenticated email is not accepted due to the domain's DMARC policy",
  },
  {
    reason: 'blocklisted',
    words:
      /spamhaus|spamcop|barracuda|\b(?:dns)?[br]bl\b|(?:block|black|deny)[ -]?list|blocked (?:using|by)|(?:poor|low|bad) (?:\w+ )?reputation|\blisted (?:at|in|by|on)\b/i,
    sample: 'rcpt: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
  },
  {
    reason: 'sender-refused',
    enhanced: /^[45]\.1\.[78]$/,
    sample: 'rcpt: 550 5.1.8 Domain of the sender does not exist',
  },
  {
    reason: 'sender-refused',
    words:
      /sender.{0,40}(?:reject|denied|refus|not (?:allowed|permitted|verif|found|exist|own)|unknown|invalid|does(?: not|n't))/i,
    sample: 'mail: 553 5.7.1 <news@example.com>: Sender address rejected: not owned by user posthorn',
  },
  {
    reason: 'too-many-recipients',
    enhanced: /^[45]\.5\.3$/,
    verdict: 'deferred',
    sample: 'rcpt: 452 4.5.3 Too many recipients',
  },
  {
    reason: 'rate-limited',
    enhanced: /^[45]\.(?:7\.28|7\.650|4\.5)$/,
    verdict: 'deferred',
    sample: 'final: 550 5.4.5 Daily user sending limit exceeded',
  },
  {
    reason: 'rate-limited',
    words:
      /rate[ -]?limit|too (?:many(?! hops)|fast|much mail)|throttl|unusual (?:rate|volume)|(?:hourly|daily|sending) (?:limit|quota)/i,
    verdict: 'deferred',
    sample: 'rcpt: 450 4.7.1 You have sent too many messages, slow down',
  },
  {
    reason: 'greylisted',
    words: /gr[ea]y-?list/i,
    verdict: 'deferred',
    sample: 'rcpt: 450 4.2.0 <reader@example.net>: Recipient address rejected: Greylisted, see http://postgrey.example',
  },
  {
    reason: 'greylisted',
    enhanced: /^4\.7\.1$/,
    words: /try (?:again|later)/i,
    sample: 'rcpt: 451 4.7.1 Please try again later',
  },
  { reason: 'virus', words: /\bvirus|malware|infected/i, sample: 'final: 554 5.7.1 Message infected by a virus' },
  {
    reason: 'spam-suspected',
    words: /\bspam\b(?![.-])|unsolicited|\bjunk\b|bulk mail/i,
    sample: 'final: 554 5.7.1 This message looks like spam',
  },
] as const satisfies readonly ReplyRule[]
