import { PageHeader } from '../../ui/page-header.tsx'
import { Passkeys } from './passkeys.tsx'
import { Password } from './password.tsx'
import { Providers } from './providers.tsx'
import { SecondFactor } from './second-factor.tsx'

/** The ways in to one's own account, and what guards them. */
export function Page() {
  return (
    <>
      <PageHeader
        title="Security"
        documentTitle="Account security"
        lead="Your sign-in methods. Each change is told by mail, and kept under Activity."
      />
      <Password />
      <Passkeys />
      <Providers />
      <SecondFactor />
    </>
  )
}
