import { join } from 'node:path'

/** Where `pnpm build` puts the dashboard. The API serves it; but for `build.ts`, nothing else of this package is for other packages. */
export const DASHBOARD_FOLDER = join(import.meta.dirname, 'dist')
