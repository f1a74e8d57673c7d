import { Spotlight, createSpotlight, type SpotlightActionData } from '@mantine/spotlight'
import '@mantine/spotlight/styles.css'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useFocusBack } from '../ui/use-focus-back.ts'
import { useOfferedActions, type Action } from './actions.ts'
import { useActsElsewhere } from './acts-elsewhere.ts'
import { controlsOf } from './controls.ts'
import { useFixedActions } from './fixed-actions.ts'
import { PART_GROUPS, useFoundByPart } from './found-by-part.ts'
import { FOUND, useFoundByText } from './found-by-text.ts'
import type { ProjectChoice } from './project-switcher.tsx'

interface PaletteProps {
  isOpen: boolean
  onClose(): void
  project: ProjectChoice | undefined
}

/** What is in them is there for what was typed. */
const FOUND_GROUPS: ReadonlySet<string> = new Set([FOUND, ...PART_GROUPS])

const [store, spotlight] = createSpotlight()

/** Every page and every action, by typing a part of its name. */
export default function Palette({ isOpen, onClose, project }: PaletteProps) {
  const [typed, setTyped] = useState('')
  const fixed = useFixedActions(project)
  const found = useFoundByText(typed.trim(), project)
  const byPart = useFoundByPart(isOpen ? typed.trim() : '', project)
  const offered = useOfferedActions()
  const elsewhere = useActsElsewhere(project).filter(({ id }) => !offered.some((one) => one.id === id))
  useFocusBack(isOpen)
  const before = useRef<Element>(null)
  const [controls, setControls] = useState<Action[]>([])
  const [wasOpen, setWasOpen] = useState(false)
  if (isOpen !== wasOpen) {
    setWasOpen(isOpen)
    // As the page stands before the palette lies over it.
    if (isOpen) setControls(controlsOf())
  }
  useEffect(() => {
    if (isOpen) {
      before.current = document.activeElement
      spotlight.open()
    } else spotlight.close()
  }, [isOpen])
  // First of all, so that a dialog which the action opens returns the focus there and not to a palette that is gone.
  const goBack = () => before.current instanceof HTMLElement && before.current.focus({ preventScroll: true })
  const names = new Set([...offered, ...fixed].map(({ label }) => label.toLowerCase()))
  const onPage = controls.filter(({ label }) => !names.has(label.toLowerCase()))
  // What the server finds comes late, and last: nobody should take what has just moved under the key.
  const actions = [...found, ...offered, ...onPage, ...fixed, ...elsewhere, ...byPart].map((action) => ({
    ...action,
    run() {
      goBack()
      action.run()
    },
  }))
  return (
    <Spotlight
      store={store}
      shortcut={null}
      // Mantine's own would take it away from the field that an action leads to.
      returnFocus={false}
      actions={fitting(grouped(actions), typed)}
      query={typed}
      onQueryChange={setTyped}
      // What fits is chosen above, where groups and what the text itself stands for are known.
      filter={(_query, actions) => actions}
      nothingFound="Nothing of this name."
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': 'Pages and actions' } }}
      scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}
      highlightQuery
      onSpotlightClose={onClose}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'A page, an action, an address, an id …',
        'aria-label': 'Search pages and actions',
      }}
    />
  )
}

interface ActionGroup {
  group: string
  actions: SpotlightActionData[]
}

function grouped(actions: readonly Action[]): ActionGroup[] {
  return [...new Set(actions.map(({ group }) => group))].map((group) => ({
    group,
    actions: actions
      .filter((action) => action.group === group)
      .map(({ id, label, description, icon: Icon, keywords, run }): SpotlightActionData => ({
        id,
        label,
        onClick: run,
        keywords: [...(keywords ?? [])],
        ...(description !== undefined && { description }),
        ...(Icon !== undefined && { leftSection: <Icon size={18} stroke={1.7} aria-hidden /> }),
      })),
  }))
}

/** Every word that was typed is found in the label, the group or the keywords. */
function fitting(groups: ActionGroup[], query: string): ActionGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = (group: string, { label = '', description = '', keywords = [] }: SpotlightActionData) => {
    const text = [group, label, description, ...[keywords].flat()].join(' ').toLowerCase()
    return words.every((word) => text.includes(word))
  }
  return groups
    .map(({ group, actions }) => ({
      group,
      actions: actions.filter((action) => FOUND_GROUPS.has(group) || fits(group, action)),
    }))
    .filter(({ actions }) => actions.length > 0)
}
