import { rmSync, writeFileSync } from 'node:fs'
import { readArguments, usage, type Arguments } from './arguments.ts'
import { startCluster } from './cluster.ts'
import { makeRunFolder } from './folder.ts'
import { measureLimits } from './limits.ts'
import { createLoad } from './load/load.ts'
import { describeMachine, loadNow } from './machine.ts'
import { measure } from './measure/measure.ts'
import { bullmq } from './peers/bullmq.ts'
import { careful } from './peers/careful.ts'
import { posthorn } from './posthorn.ts'
import { createProcesses } from './processes.ts'
import { reportedRows, reportJson } from './report.ts'
import { rows } from './rows.ts'
import type { Run } from './run.ts'
import { startSink } from './sink/sink.ts'
import { sizes } from './sizes.ts'
import { heading, table } from './table.ts'

const tell = (line: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}\n`)

async function bench(args: Arguments): Promise<boolean> {
  const startedAt = performance.now()
  const folder = makeRunFolder()
  const processes = createProcesses(folder)
  const starting = startCluster(folder)
  let cleaning: Promise<void> | undefined
  const clean = () => (cleaning ??= stopEverything())
  async function stopEverything() {
    await processes.stopAll()
    const cluster = await starting.catch(() => undefined)
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  let interrupted = false
  function interrupt() {
    if (interrupted) processes.killAll()
    interrupted = true
    void clean().finally(() => process.exit(130))
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  process.once('exit', () => processes.killAll())

  try {
    const loadBefore = loadNow()
    const cluster = await starting
    const sink = await startSink(processes)
    const run: Run = {
      folder,
      cluster,
      processes,
      sink,
      load: createLoad(processes),
      sizes: args.quick ? sizes.quick : sizes.full,
    }
    const machine = describeMachine(run, { limits: await measureLimits(run), loadBefore })
    tell(`measured the instruments; they can do ${JSON.stringify(machine.limits)}`)
    const contenders = [posthorn(run), careful(run), bullmq(run)]
    const { broken, ...results } = await measure(run, contenders, { parts: args.only, tell })
    if (interrupted) throw new Error('The bench was interrupted')
    const reported = reportedRows(
      results,
      rows.filter((row) => args.only.includes(row.part)),
    )
    const notes = contenders.map(({ name, title }) => {
      const missing = Object.entries(results.absences[name] ?? {}).map(([part, reason]) => `\n  no ${part}: ${reason}`)
      return `${name}: ${title}${missing.join('')}`
    })
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    console.log(`\n${heading(machine)}\n${notes.join('\n')}\n\n${table(reported)}\n\n${seconds} s`)
    if (args.json !== undefined) writeFileSync(args.json, reportJson(machine, reported))
    return !broken
  } catch (error) {
    // What fails after an interruption fails because of it.
    if (interrupted) return await new Promise<never>(() => {})
    throw error
  } finally {
    await clean()
  }
}

let args: Arguments | undefined
try {
  args = readArguments(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`)
  process.exit(2)
}
process.exit((await bench(args)) ? 0 : 1)
