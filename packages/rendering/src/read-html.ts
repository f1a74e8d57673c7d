import { Parser, type Handler, type ParserOptions } from 'htmlparser2'

/** As deep as browsers nest elements. The parser's time grows with the square of the depth, so it may not go on for ever. */
const DEEPEST = 512

/** Reads HTML up to where it nests too deeply for anybody to show; what follows is left out. */
export function readHtml(
  html: string,
  { onopentagname, onclosetag, ...handler }: Partial<Handler>,
  options?: ParserOptions,
): void {
  let depth = 0
  const depthAware: Partial<Handler> = {
    ...handler,
    onopentagname(name) {
      depth += 1
      if (depth > DEEPEST) parser.pause()
      onopentagname?.(name)
    },
    onclosetag(name, isImplied) {
      depth -= 1
      onclosetag?.(name, isImplied)
    },
  }
  const parser = new Parser(depthAware, options)
  parser.end(html)
}
