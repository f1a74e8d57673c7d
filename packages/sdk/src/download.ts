/** Opens the file, in the format that is named or else in the one that was asked for. */
type Open = (format?: 'jsonl') => Promise<AsyncGenerator<Uint8Array, void, undefined>>

/**
 * A file that the server makes while it is read, however long it is: its rows with `for await (const row of …)`, or its
 * bytes with `bytes()`. Nothing is asked for before. One that cannot be read to its end throws a
 * `PosthornConnectionError`; `timeoutMs` counts for each piece.
 */
export class Download<Row> implements AsyncIterable<Row> {
  readonly #open: Open

  constructor(open: Open) {
    this.#open = open
  }

  /** The file as it is, in the `format` that was asked for: `writeFile(path, posthorn.contacts.export().bytes())`. */
  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* await this.#open()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of await this.#open('jsonl')) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      // Safe because the server keeps to the contract that the types are made of.
      for (const line of lines) yield JSON.parse(line) as Row
    }
  }
}
