import { createContext } from 'react'

/** Whether the keyboard stands on the row of a list that this is in. What says more on hover says it then too. */
export const RowInFocus = createContext(false)
