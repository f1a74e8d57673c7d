import type { PeopleContext } from '../context.ts'
import { sendProductMail } from '../product-mail.ts'
import type { SignedIn } from './handlers.ts'

/** Tells somebody how the ways in to their account have changed, so that it does not happen behind their back. */
export async function tellWayInChanged(ctx: PeopleContext<SignedIn>, what: string): Promise<void> {
  const { actor, runtime } = ctx
  const words = 'How you sign in was changed'
  await sendProductMail(
    ctx,
    { email: actor.person.email, name: actor.person.name },
    {
      subject: words,
      heading: words,
      paragraphs: [what],
      footnote: `If this was not you, set a new password at once: ${runtime.publicUrl}/forgot-password`,
    },
  )
}
