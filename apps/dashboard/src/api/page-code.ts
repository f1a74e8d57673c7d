import { lazy, type ComponentType } from 'react'
import { OtherRefusal } from './problem.ts'

/**
 * Loads the code of a page. A server that is away is not taken for one that runs another version by now: the tab would be
 * loaded anew, and be an error page of the browser.
 */
export async function loadCode<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    if (await isServerThere()) {
      // Whatever of it is missing, and in whichever browser: in the words by which the router knows it.
      throw new Error(`Failed to fetch dynamically imported module: ${String(error)}`, { cause: error })
    }
    throw new OtherRefusal('Posthorn cannot be reached. Check the network, then try again.', [], { cause: error })
  }
}

const isServerThere = () =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )

const AGAIN_MS = 2_000

/** A part of a page whose code comes when it is first shown. While the server is away it keeps loading. */
// oxlint-disable-next-line typescript/no-explicit-any -- whatever its properties are, as React's own `lazy` has it
export const loadedLater = <Part extends ComponentType<any>>(load: () => Promise<{ default: Part }>) =>
  lazy<Part>(async () => {
    for (;;) {
      try {
        return await loadCode(load)
      } catch (error) {
        if (!(error instanceof OtherRefusal)) throw error
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
      }
    }
  })
