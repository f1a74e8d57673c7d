import { useState } from 'react'

/** The secret part of a link that was mailed or printed. It stands behind the `#`, where no server and no log sees it. */
export const useLinkToken = (): string | undefined =>
  useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined)[0]
