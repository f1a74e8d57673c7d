import { IconBrandGithub, IconBrandGoogle, IconLogin2, type Icon } from '@tabler/icons-react'

const ICONS: Record<string, Icon> = { github: IconBrandGithub, google: IconBrandGoogle }

/** The mark of where else one can sign in. */
export function ProviderIcon({ provider, size = 18 }: { provider: string; size?: number }) {
  const Mark = ICONS[provider] ?? IconLogin2
  return <Mark size={size} aria-hidden />
}
