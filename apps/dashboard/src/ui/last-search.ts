const searches = new Map<string, object>()

/** Called by the router for each page that is shown. */
export function rememberSearch(pathname: string, search: object): void {
  searches.set(pathname, search)
}

/** The filters that a page had when it was shown last, for the way back to it; none if it was not. */
export const lastSearchOf = (pathname: string): object => searches.get(pathname) ?? {}
