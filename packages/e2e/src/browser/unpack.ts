import { join } from 'node:path'
import { inflate } from '@sparticuz/chromium'

const [archives = ''] = process.argv.slice(2)
await Promise.all(
  ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'].map((name) => inflate(join(archives, name))),
)
