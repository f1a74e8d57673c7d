import type { ReplyRule } from './reply-rule.ts'

const NO_DETAIL = /^$|^[45]\.[01]\.0$/

/** The recipient's mailbox and domain. */
export const MAILBOX = [
  {
    reason: 'message-too-large',
    enhanced: /^[45]\.(?:2\.3|3\.4)$/,
    sample: 'mail: 552 5.3.4 Message size exceeds fixed limit',
  },
  { reason: 'mailbox-full', enhanced: /^[45]\.2\.2$/, verdict: 'deferred', sample: 'rcpt: 550 5.2.2 Mailbox is full' },
  {
    reason: 'server-busy',
    enhanced: /^[45]\.3\.1$/,
    verdict: 'deferred',
    sample: 'mail: 452 4.3.1 Insufficient system storage',
  },
  {
    reason: 'mailbox-full',
    words:
      /over ?-?quota|quota exceeded|exceeded (?:its )?(?:storage|quota)|(?:mailbox|inbox|storage|user).{0,30}(?:\bfull\b|exceed|over)/i,
    verdict: 'deferred',
    sample: 'rcpt: 452 The mailbox of this user is full',
  },
  {
    reason: 'message-too-large',
    words: /(?:message|mail|size|length).{0,30}(?:too (?:large|big|long)|exceed)|exceed.{0,30}size/i,
    sample: 'final: 552 Message exceeds the maximum size',
  },
  { reason: 'mailbox-full', codes: [552], verdict: 'deferred', sample: 'rcpt: 552 Requested mail action aborted' },
  { reason: 'accepts-no-mail', codes: [521, 556], sample: 'rcpt: 556 5.1.10 Recipient address has null MX' },
  { reason: 'accepts-no-mail', enhanced: /^[45]\.3\.2$/, sample: 'rcpt: 550 5.3.2 System does not accept mail' },
  {
    reason: 'no-such-user',
    enhanced: /^[45]\.1\.(?:1|10)$/,
    sample: 'rcpt: 550-5.1.1 The account that you tried to reach\n550 5.1.1 does not exist',
  },
  { reason: 'no-such-host', enhanced: /^[45]\.(?:1\.2|4\.4)$/, sample: 'rcpt: 550 5.1.2 Host unknown' },
  { reason: 'mailbox-moved', enhanced: /^[45]\.1\.6$/, sample: 'rcpt: 551 5.1.6 Recipient has moved' },
  {
    reason: 'mailbox-moved',
    codes: [551],
    enhanced: NO_DETAIL,
    sample: 'rcpt: 551 User not local; please try <reader@example.org>',
  },
  { reason: 'mailbox-disabled', enhanced: /^[45]\.2\.1$/, sample: 'rcpt: 550 5.2.1 The mailbox is disabled' },
  {
    reason: 'mailbox-disabled',
    words: /(?:account|mailbox|user|recipient).{0,30}(?:disabled|suspended|inactive|deactivated|locked)/i,
    sample: 'rcpt: 550 Account has been suspended',
  },
  { reason: 'bad-address', enhanced: /^[45]\.1\.[34]$/, sample: 'rcpt: 501 5.1.3 Bad recipient address syntax' },
  {
    reason: 'no-such-user',
    enhanced: NO_DETAIL,
    words:
      /(?:user|recipient|mailbox|account|address).{0,40}(?:unknown|not found|does(?: not|n't) exist|no longer exists)|unknown (?:user|recipient|mailbox|account|address)|no such (?:user|recipient|mailbox|account|address|person)|no mailbox|does(?: not|n't) have an? .{0,40}account/i,
    sample: 'rcpt: 550 No such user here',
  },
  {
    reason: 'no-such-host',
    enhanced: NO_DETAIL,
    words:
      /(?:domain|host).{0,30}(?:unknown|not found|does(?: not|n't) exist)|(?:unknown|no such) (?:domain|host)|nxdomain/i,
    sample: 'rcpt: 550 Unknown domain',
  },
] as const satisfies readonly ReplyRule[]

/** The message, the server, and what is left over. */
export const THE_REST = [
  { reason: 'routing-loop', enhanced: /^[45]\.4\.6$/, sample: 'final: 554 5.4.6 Too many hops' },
  { reason: 'expired', enhanced: /^[45]\.4\.7$/, sample: 'final: 550 5.4.7 Delivery time expired' },
  { reason: 'host-unreachable', enhanced: /^[45]\.4\.\d+$/, sample: 'rcpt: 451 4.4.1 No answer from host' },
  { reason: 'content-refused', enhanced: /^[45]\.6\.\d+$/, sample: 'final: 554 5.6.0 Message contains invalid header' },
  { reason: 'policy', enhanced: /^[45]\.7\.\d+$/, sample: 'rcpt: 550 5.7.1 Access denied' },
  {
    reason: 'policy',
    words: /polic(?:y|ies)|prohibited|access denied|not (?:allowed|permitted|authori[sz]ed)/i,
    sample: 'final: 550 Message refused by local policy',
  },
  { reason: 'protocol', enhanced: /^[45]\.5\.\d+$/, sample: 'rcpt: 501 5.5.4 Unsupported option' },
  { reason: 'protocol', codes: [500, 501, 502, 504, 555], sample: 'mail: 555 Parameters not recognized' },
  { reason: 'server-busy', enhanced: /^4\.3\.\d+$/, sample: 'final: 451 4.3.0 Queue file write error' },
  {
    reason: 'sender-refused',
    stages: ['mail'],
    codes: [550, 551, 553, 554],
    sample: 'mail: 550 Requested action not taken',
  },
  {
    reason: 'temporary',
    enhanced: /^(?:4\.\d+\.\d+)?$/,
    codes: [450, 451, 452, 454],
    sample: 'rcpt: 450 Requested mail action not taken',
  },
] as const satisfies readonly ReplyRule[]
