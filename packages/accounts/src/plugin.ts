import type { Runtime } from '@posthorn/services'
import type { BetterAuthPlugin } from 'better-auth'
import { changeAddress } from './endpoints/change-address.ts'
import { confirmAddress } from './endpoints/confirm-address.ts'
import { prove } from './endpoints/prove.ts'
import { setPassword } from './endpoints/set-password.ts'
import { afterSignIn, askForSecondFactor } from './hooks/after-sign-in.ts'
import { hideTokens } from './hooks/hide-tokens.ts'
import { limitTries } from './hooks/limit-tries.ts'
import { refuseUsedCodes } from './hooks/one-time-code.ts'
import { blankLinks } from './hooks/blank-links.ts'
import { letInAfterReset } from './hooks/let-in-after-reset.ts'
import { noteActs } from './hooks/note-acts.ts'
import { requestReset } from './hooks/request-reset.ts'
import { checkIds, checkPasswordRules, endOtherSessions, narrow, requireProof, trustNoDevice } from './hooks/rules.ts'
import { tellChanges } from './hooks/tell-changes.ts'
import { beginSignUp } from './hooks/sign-up.ts'
import type { Mails } from './mails.ts'

/** What the routes and rules of the plugin work with. */
export interface Tools {
  runtime: Runtime
  mails: Mails
  /** Runs work that no answer waits for. */
  inBackground(work: () => Promise<unknown>): void
}

type AfterHook = NonNullable<NonNullable<BetterAuthPlugin['hooks']>['after']>[number]

/** The rules of this house, around the routes of the library, and the routes that it lacks. */
export function posthornPlugin({
  askSecondFactor,
  ...tools
}: Tools & { askSecondFactor: AfterHook['handler'] }): BetterAuthPlugin {
  const tries = limitTries(tools)
  const usedCodes = refuseUsedCodes(tools)
  const reset = letInAfterReset(tools)
  const acts = noteActs(tools)
  return {
    id: 'posthorn',
    endpoints: {
      changeAddress: changeAddress(tools),
      confirmAddress: confirmAddress(tools),
      prove: prove(tools),
      setFirstPassword: setPassword(),
    },
    hooks: {
      before: [
        narrow,
        checkIds,
        trustNoDevice,
        requireProof,
        tries.before,
        checkPasswordRules,
        endOtherSessions,
        beginSignUp(tools),
        requestReset(tools),
        reset.before,
        usedCodes.before,
        acts.before,
      ],
      after: [
        usedCodes.after,
        tries.after,
        reset.after,
        askForSecondFactor(tools, askSecondFactor),
        afterSignIn(tools),
        tellChanges(tools),
        acts.after,
        blankLinks(tools),
        hideTokens,
      ],
    },
  }
}
