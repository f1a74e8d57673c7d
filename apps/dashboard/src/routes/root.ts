import { createRootRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { loadCode } from '../api/page-code.ts'
import { Root } from '../shell/root.tsx'
import { NotFoundAlone } from '../shell/route-states.tsx'

/** Each page is a module of its own that exports `Page`, loaded when it is first gone to. */
export const page = (load: () => Promise<{ Page: ComponentType }>) => lazyRouteComponent(() => loadCode(load), 'Page')

/** What all pages stand in. */
export const root = createRootRoute({ component: Root, notFoundComponent: NotFoundAlone })
