import { existsSync } from 'node:fs'

// Loaded before a worker, it makes five minutes pass at once when the file it watches appears.
const file = process.env['CLOCK_JUMPS_WITH'] ?? ''
const FIVE_MINUTES_MS = 300_000
const now = performance.now.bind(performance)
performance.now = () => now() + (existsSync(file) ? FIVE_MINUTES_MS : 0)
