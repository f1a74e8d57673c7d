import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { DASHBOARD_FOLDER } from './built.ts'

/** Where `pnpm dev` finds the API; the standalone listens there. */
const API = 'http://localhost:3000'

/** What so many chunks use is loaded by the first of them. */
const COMMON_TO = 26

const COMPRESSIBLE = /\.(?:js|css|svg)$/

/** Compresses once, at the best there is, what would otherwise be compressed with every answer. */
function compressed(): Plugin {
  let folder = DASHBOARD_FOLDER
  return {
    name: 'posthorn-compressed',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    async writeBundle() {
      const files = await readdir(folder, { recursive: true })
      const compress = async (file: string) => {
        const path = join(folder, file)
        const bytes = await readFile(path)
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length }
        await Promise.all([
          writeFile(`${path}.br`, await promisify(brotliCompress)(bytes, { params })),
          writeFile(`${path}.gz`, await promisify(gzip)(bytes, { level: 9 })),
        ])
      }
      await Promise.all(files.filter((file) => COMPRESSIBLE.test(file)).map(compress))
      // A server that runs takes this for the end of the build.
      await utimes(join(folder, 'index.html'), new Date(), new Date())
    },
  }
}

export default defineConfig({
  plugins: [react(), compressed()],
  build: {
    outDir: DASHBOARD_FOLDER,
    manifest: true,
    // Pictures stay files, so that the policy of the page needs no `data:` for the app's own sake.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'start', tags: ['$initial'], priority: 1 },
            // Dozens of files of a kilobyte each would compress badly, and be asked for one by one.
            { name: 'common', minShareCount: COMMON_TO },
          ],
        },
      },
    },
    // Those that know `light-dark()`, which would otherwise be rewritten to what Mantine's root does not carry.
    target: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
  },
  server: {
    port: 5173,
    // The API believes in one origin, its own.
    proxy: Object.fromEntries(
      ['/trpc', '/auth', '/v1'].map((path) => [path, { target: API, changeOrigin: true, headers: { origin: API } }]),
    ),
  },
})
