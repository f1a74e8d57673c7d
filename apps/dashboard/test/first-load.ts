import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

interface Chunk {
  file: string
  imports?: string[]
  dynamicImports?: string[]
}

type Manifest = Record<string, Chunk>

const ENTRY = 'index.html'
const SHELL = ['src/shell/shell.tsx', 'src/shell/project.tsx']

/** What has to be loaded before a page is there: all scripts it needs, gzipped, the frame around it included. */
export interface FirstLoad {
  page: string
  bytes: number
}

/** The first load of every page, the largest first. */
export function firstLoads(folder: string): FirstLoad[] {
  // Safe because vite wrote it; what is not there is looked at as such.
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest
  const pages = (manifest[ENTRY]?.dynamicImports ?? []).filter((name) => name.startsWith('src/pages/'))
  return pages
    .map((page) => {
      const files = filesOf(manifest, [ENTRY, ...framesOf(page, manifest), page])
      return { page, bytes: files.reduce((sum, file) => sum + statSync(join(folder, `${file}.gz`)).size, 0) }
    })
    .toSorted((a, b) => b.bytes - a.bytes)
}

function framesOf(page: string, manifest: Manifest): string[] {
  const layout = page.replace(/[^/]+$/, 'layout.tsx')
  const own = layout in manifest ? [layout] : []
  return page.startsWith('src/pages/visitors/') ? own : [...SHELL, ...own]
}

/** All that is imported without being asked for later. */
function filesOf(manifest: Manifest, names: string[]): string[] {
  const files = new Set<string>()
  const visit = (name: string) => {
    const chunk = manifest[name]
    if (chunk === undefined || files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(visit)
  }
  names.forEach(visit)
  return [...files]
}
