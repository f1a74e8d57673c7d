import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Contender } from './contender.ts'
import { sender } from './mail.ts'
import { freePort, waitForHttp } from './ports.ts'
import { postgresStage } from './postgres-stage.ts'
import { runToEnd } from './processes.ts'
import type { Run } from './run.ts'

const apps = join(import.meta.dirname, '../../../apps')
const programs = {
  api: join(apps, 'api/src/main.ts'),
  worker: join(apps, 'worker/src/main.ts'),
  cli: join(apps, 'cli/src/main.ts'),
  standalone: join(apps, 'standalone/src/main.ts'),
}
const CreatedProject = z.object({ project: z.object({ id: z.string() }), secretKey: z.string() })

/** Posthorn as its operators start it: the same programs, with the settings they have by default. */
export function posthorn(run: Run): Contender {
  const secret = randomBytes(32).toString('base64url')
  const smtpUrl = `smtp://127.0.0.1:${run.sink.port}`
  const settings = (databaseUrl: string) => ({
    DATABASE_URL: databaseUrl,
    POSTHORN_SECRET: secret,
    POSTHORN_DATA_DIR: join(run.folder, 'posthorn'),
    SMTP_URL: smtpUrl,
  })
  let key = ''

  async function prepare(databaseUrl: string) {
    const command = (...words: string[]) =>
      runToEnd({ name: `posthorn ${words[0]}`, args: [programs.cli, ...words], env: settings(databaseUrl) })
    await command('migrate')
    const created = CreatedProject.parse(JSON.parse(await command('project', 'create', '--name', 'bench', '--json')))
    await command('domain', 'trust', sender.domain, '--project', created.project.id)
    key = created.secretKey
  }

  async function startIdle() {
    const [port, smtpPort] = [await freePort(), await freePort()]
    const standalone = await run.processes.start({
      name: 'posthorn-standalone',
      args: [programs.standalone],
      env: {
        PORT: String(port),
        INBOX_SMTP_PORT: String(smtpPort),
        POSTHORN_DATA_DIR: join(run.folder, 'standalone'),
      },
    })
    await waitForHttp(`http://127.0.0.1:${port}/health`, standalone.failure)
    return standalone
  }

  return {
    name: 'posthorn',
    title: 'Posthorn: api and worker; for memory the standalone with its own PostgreSQL and inbox',
    prepare: () =>
      postgresStage(run, {
        name: 'posthorn',
        prepare,
        api: ({ databaseUrl, port }) => ({
          name: 'posthorn-api',
          args: [programs.api],
          env: { ...settings(databaseUrl), PORT: String(port) },
        }),
        worker: ({ databaseUrl }) => ({
          name: 'posthorn-worker',
          args: [programs.worker],
          env: settings(databaseUrl),
        }),
        endpoint: (port) => ({
          port,
          path: '/v1/send',
          trackPath: '/v1/track',
          contactsPath: '/v1/contacts',
          importsPath: '/v1/imports',
          authorization: `Bearer ${key}`,
          batch: { path: '/v1/send/batch', before: '{"emails":[', after: ']}' },
        }),
        startIdle,
      }),
  }
}
