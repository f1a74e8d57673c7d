import { createLink } from '@tanstack/react-router'
import { useEffect, useRef, type ComponentProps, type ReactNode } from 'react'
import classes from './page-tabs.module.css'

/** Pages that stand beside each other under one heading; each has an address of its own. */
export function PageTabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={classes.tabs}>
      {children}
    </nav>
  )
}

/** The link says `aria-current` by itself where it leads to the page that is shown, and is then in sight. */
export const PageTab = createLink(function Tab({ children, ...props }: ComponentProps<'a'>) {
  const tab = useRef<HTMLAnchorElement>(null)
  const isCurrent = props['aria-current'] === 'page'
  useEffect(() => {
    if (isCurrent && tab.current !== null) bringIntoSight(tab.current)
  }, [isCurrent])
  return (
    <a {...props} ref={tab} className={classes.tab}>
      {children}
    </a>
  )
})

/** By hand, since `scrollIntoView` has Chromium go on from there with the next Tab, past the link that skips the menus. */
function bringIntoSight(tab: HTMLElement): void {
  const row = tab.parentElement
  if (row === null) return
  const { left, width } = tab.getBoundingClientRect()
  row.scrollLeft += left - row.getBoundingClientRect().left - (row.clientWidth - width) / 2
}
