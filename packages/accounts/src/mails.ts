import { linkTo, sendProductMail, type Runtime } from '@posthorn/services'
import { LINK_IDS, storedLinkId } from './links.ts'

interface To {
  email: string
  name?: string
}

/** The mails about one’s own account. All but the links say what to do when it was somebody else. */
export function accountMails(runtime: Runtime) {
  const send = (to: To, mail: Parameters<typeof sendProductMail>[2]) =>
    sendProductMail({ db: runtime.db, runtime }, to, mail)
  const { publicUrl } = runtime
  /** A button with a link that works once. */
  const once = (label: string, page: string, { token, id }: { token: string; id: keyof typeof LINK_IDS }) => ({
    label,
    url: linkTo(publicUrl, page, token),
    livesBy: { verification: storedLinkId(LINK_IDS[id](token)) },
  })
  const notYou = `If this was not you, set a new password at once: ${publicUrl}/forgot-password`

  return {
    verifySignUp: (to: To, token: string) =>
      send(to, {
        subject: 'Confirm your address',
        heading: 'Confirm your address',
        paragraphs: ['One step is left to your account: open the link and give your password once more.'],
        action: once('Confirm address', 'confirm-sign-up', { token, id: 'signUp' }),
        footnote: 'The link works once, for an hour. If you did not ask for an account, do nothing: there is none.',
      }),

    alreadySignedUp: (to: To) =>
      send(to, {
        subject: 'You have an account already',
        heading: 'You have an account already',
        paragraphs: [
          'Somebody, perhaps you, asked for an account with this address. There is one already: sign in with it.',
        ],
        action: { label: 'Sign in', url: `${publicUrl}/sign-in` },
        footnote: 'If this was not you, there is nothing to do.',
      }),

    resetPassword: (to: To, token: string) =>
      send(to, {
        subject: 'Reset your password',
        heading: 'Reset your password',
        paragraphs: ['Open the link to choose a new password. All sessions end when it is set.'],
        action: once('Choose a new password', 'reset-password', { token, id: 'reset' }),
        footnote: 'The link works once, for an hour. If you did not ask for it, do nothing: the password stays.',
      }),

    passwordChanged: (to: To) =>
      send(to, {
        subject: 'Your password was changed',
        heading: 'Your password was changed',
        paragraphs: ['The password of your account was changed, and all other sessions have ended.'],
        footnote: notYou,
      }),

    newDevice: (to: To, { ip, userAgent }: { ip: string; userAgent: string }) =>
      send(to, {
        subject: 'Sign-in from a new device',
        heading: 'Sign-in from a new device',
        paragraphs: [
          'Somebody signed in to your account from where nobody has before.',
          `Address: ${ip || 'unknown'}`,
          `Browser: ${userAgent || 'unknown'}`,
        ],
        action: { label: 'See your sessions', url: `${publicUrl}/account/sessions` },
        footnote: notYou,
      }),

    confirmNewAddress: (to: To, token: string) =>
      send(to, {
        subject: 'Confirm your new address',
        heading: 'Confirm your new address',
        paragraphs: ['Open the link where you are signed in, to sign in with this address from now on.'],
        action: once('Confirm address', 'confirm-address', { token, id: 'change' }),
        footnote: 'The link works once, for an hour. If you did not ask for it, do nothing.',
      }),

    confirmOwnAddress: (to: To, token: string) =>
      send(to, {
        subject: 'Confirm your address',
        heading: 'Confirm your address',
        paragraphs: ['Open the link where you are signed in, to show that mail to this address reaches you.'],
        action: once('Confirm address', 'confirm-address', { token, id: 'change' }),
        footnote: 'The link works once, for an hour. If you have no account here, do nothing.',
      }),

    addressChanged: (to: To, newEmail: string) =>
      send(to, {
        subject: 'Your address was changed',
        heading: 'Your address was changed',
        paragraphs: [
          `From now on you sign in with ${newEmail}, and mail goes there. This address is of no use any more.`,
        ],
        footnote: 'If this was not you, tell whoever runs this Posthorn at once.',
      }),

    wayInChanged: (to: To, what: string) =>
      send(to, {
        subject: 'How you sign in was changed',
        heading: 'How you sign in was changed',
        paragraphs: [what],
        footnote: notYou,
      }),
  }
}

export type Mails = ReturnType<typeof accountMails>
