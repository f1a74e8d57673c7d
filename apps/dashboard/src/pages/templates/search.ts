import { searchOf, type FiltersOf } from '../../ui/search.ts'

export type TemplateFilters = Omit<FiltersOf<'templates'>, 'page' | 'pageSize'>

export const templateSearch = searchOf<TemplateFilters>({
  search: 'text',
  type: { TRANSACTIONAL: true, MARKETING: true, HEADLESS: true },
})

/** The parts of a template's page; its content is shown where none is named. */
export type TemplateTab = 'preview' | 'versions'

export interface TemplateView {
  tab?: TemplateTab
  /** The older version that the preview shows. */
  version?: number
}

/** What of a template is looked at. */
export function templateView({ tab, version }: Record<string, unknown>): TemplateView {
  if (tab === 'versions') return { tab }
  if (tab !== 'preview') return {}
  const isVersion = typeof version === 'number' && Number.isSafeInteger(version) && version > 0
  return { tab, ...(isVersion && { version }) }
}
