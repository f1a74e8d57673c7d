import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { COMPILE_CACHE } from '@posthorn/testkit/compile-cache'
import { codeAt, pageText, ROOT } from './pages.ts'

const execute = promisify(execFile)

/** Somebody who types from the pages: a home, an app of their own, and a checkout to pack the SDK from. */
export interface Reader {
  home: string
  env: Record<string, string>
  /** Runs lines of a shell in the home, which stop at the first that fails. Answers what they print. */
  shell(code: string, options?: { env?: Record<string, string>; cwd?: string }): Promise<string>
  /** Type-checks programs of the app with the settings of the tRPC page. Answers the compiler's reports. */
  compile(programs: Record<string, string>): Promise<string[]>
  /** Runs a program of the app. Answers what it prints. */
  run(name: string, env: Record<string, string>): Promise<string>
  leave(): void
}

export function newReader(): Reader {
  const home = mkdtempSync(join(tmpdir(), 'posthorn docs '))
  // The embedded PostgreSQL may run as another user, who has to get in.
  chmodSync(home, 0o755)
  const app = join(home, 'my-app')
  const bin = join(home, 'bin')
  writeCommands(bin)
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }\n')
  const env = {
    PATH: `${bin}:${process.env['PATH']}`,
    HOME: home,
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    npm_config_cache: join(home, 'cache'),
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  }
  return {
    home,
    env,
    async shell(code, options = {}) {
      const cwd = options.cwd ?? home
      const { stdout } = await execute('sh', ['-e', '-c', code], { cwd, env: { ...env, ...options.env } })
      return stdout
    },
    async compile(programs) {
      for (const [name, text] of Object.entries(programs)) writeFileSync(join(app, name), text)
      const settings = JSON.parse(codeAt('docs/trpc.md: {'))
      writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ ...settings, files: Object.keys(programs) }))
      const compiler = join(ROOT, 'node_modules/.bin/tsc')
      const { stdout } = await execute(compiler, ['-p', app, '--pretty', 'false'], { cwd: app }).catch(
        (error: { stdout: string }) => error,
      )
      return stdout.split('\n').filter((line) => line.includes('error TS'))
    },
    async run(name, extra) {
      const { stdout } = await execute(process.execPath, [join(app, name)], { cwd: app, env: { ...env, ...extra } })
      return stdout
    },
    leave: () => rmSync(home, { recursive: true, force: true }),
  }
}

/** `pnpm` and `npx` that run the workspace's scripts, and install and download nothing. */
function writeCommands(bin: string): void {
  const { scripts } = JSON.parse(pageText('package.json')) as { scripts: Record<string, string> }
  const arms = Object.entries(scripts).map(([name, script]) => `  ${name}) shift; exec ${script} "$@" ;;`)
  const local = join(ROOT, 'node_modules/.bin')
  const pnpm = ['#!/bin/sh', `cd '${ROOT}'`, `PATH='${local}':"$PATH"`, 'case "$1" in', ...arms, 'esac', 'exit 2']
  const npx = ['#!/bin/sh', `[ "$1 $2" = '--yes pnpm@12' ] || exit 2`, 'shift 2', 'exec pnpm "$@"']
  mkdirSync(bin)
  for (const [name, lines] of Object.entries({ pnpm, npx })) {
    writeFileSync(join(bin, name), `${lines.join('\n')}\n`, { mode: 0o755 })
  }
}

/** Gives the app the packages that the pages speak of: the SDK as its page installs it, and those of the workspace. */
export async function installPackages({ home, shell }: Reader): Promise<void> {
  // A copy, since packing builds, and another test may be packing the original.
  const checkout = join(home, 'posthorn')
  const sdk = join(checkout, 'packages/sdk')
  cpSync(join(ROOT, 'packages/sdk'), sdk, {
    recursive: true,
    filter: (path) => !['node_modules', 'dist'].includes(basename(path)),
  })
  symlinkSync(join(ROOT, 'packages/sdk/node_modules'), join(sdk, 'node_modules'))
  cpSync(join(ROOT, 'tsconfig.base.json'), join(checkout, 'tsconfig.base.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'))
  const install = codeAt('docs/sdk.md: cd packages/sdk && npm pack            # makes posthorn-sdk-0.1.0.tgz')
  await shell(install.replace('path/to/', '../posthorn/packages/sdk/'), { cwd: checkout })

  const packages = join(home, 'my-app/node_modules')
  mkdirSync(join(packages, '@trpc'))
  mkdirSync(join(packages, '@types'), { recursive: true })
  const link = (name: string, target: string) => symlinkSync(realpathSync(target), join(packages, name))
  link('@types/node', join(ROOT, 'node_modules/@types/node'))
  link('@posthorn/contracts', join(ROOT, 'packages/contracts'))
  link('@trpc/client', join(ROOT, 'apps/api/node_modules/@trpc/client'))
}
