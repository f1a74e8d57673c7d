/** What a call gave, with the HTTP response that brought it. The body of the response has been read already. */
export interface Received<Data> {
  data: Data
  response: Response
}

/** A promise of what was asked for, which also tells of the HTTP response. */
export class Answer<Data> extends Promise<Data> {
  readonly #received: Promise<Received<Data>>

  // What `then` returns is an ordinary promise.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  constructor(received: Promise<Received<Data>>) {
    // The inherited promise is never looked at: it would be a second one to handle when the call fails.
    super(() => {})
    this.#received = received
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is a promise, and to be awaited
  override then<Kept = Data, Caught = never>(
    onKept?: ((data: Data) => Kept | PromiseLike<Kept>) | null,
    onBroken?: ((reason: unknown) => Caught | PromiseLike<Caught>) | null,
  ): Promise<Kept | Caught> {
    return this.#received.then(({ data }) => data).then(onKept, onBroken)
  }

  /** The data together with status and headers. */
  withResponse(): Promise<Received<Data>> {
    return this.#received
  }
}

/** One page of a list. */
export interface Page {
  data: readonly unknown[]
  /** Hand this in to get the next page; null on the last one. */
  cursor: string | null
  hasMore: boolean
}

type ItemOf<P extends Page> = P['data'][number]

/** A promise of the first page, and a way through all of them: `for await (const item of posthorn.emails.list())`. */
export class Pages<P extends Page> extends Answer<P> implements AsyncIterable<ItemOf<P>> {
  readonly #next: (cursor: string) => Promise<Received<P>>

  constructor(first: Promise<Received<P>>, next: (cursor: string) => Promise<Received<P>>) {
    super(first)
    this.#next = next
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ItemOf<P>, void, undefined> {
    let received = await this.withResponse()
    for (;;) {
      const { data, cursor, hasMore }: Page = received.data
      for (const item of data) yield item as Awaited<ItemOf<P>> // Safe because JSON holds no promises.
      if (!hasMore || cursor === null) return
      received = await this.#next(cursor)
    }
  }
}
