import { createContext, type RefObject } from 'react'

/** What a dialog knows of the form in it. */
export interface Held {
  isUnsaved(): boolean
  /** Whether it asks something by itself. */
  isAsking: boolean
}

export type Holder = RefObject<Held | undefined>

/** The dialog around a form, if it stands in one. */
export const HolderContext = createContext<Holder | undefined>(undefined)
