import type { Api } from './document.ts'
import { signature } from './print-methods.ts'

/** `api.md`: every method on one page. */
export function printMap({ nouns }: Api): string {
  return [
    '# All methods',
    '',
    'Each method takes `options` last: `signal`, `timeoutMs`, `maxRetries`, and for calls that change something `idempotencyKey`. The types are in [types.ts](src/generated/types.ts).',
    ...nouns.flatMap(({ name, words, methods }) => [
      '',
      `## ${name}`,
      '',
      words,
      '',
      ...methods.flatMap((method) => [
        `- \`posthorn.${name}.${signature(method)}\`\n  ${method.words[0]} <small>\`${method.http} ${method.path}\`</small>`,
      ]),
    ]),
    '',
  ].join('\n')
}
