/** What the viewer has asked to see of a mail. */
export interface Allowed {
  images: boolean
  links: boolean
}

export interface Sandboxed {
  srcdoc: string
  /** Whether there is something to ask for. */
  hasRemoteImages: boolean
  hasLinks: boolean
  /** About how high it is, in CSS pixels; undefined where only a browser that lays it out could tell. */
  height: number | undefined
}

const STYLE = /<style(?=[\s>])/gi
/** What was uploaded here tells nobody that it was looked at. */
const ownPictures = () => `${location.origin}/images/`

const XLINK = 'http://www.w3.org/1999/xlink'
const REMOTE = /(?:https?:)?\/\//i
const URL_IN_STYLE = /url\(\s*(?!['"]?data:)/i

/**
 * A mail's HTML as a document of its own that can do nothing: no scripts, no requests but images that were asked for, no
 * links before they were asked for. The frame it goes into adds `sandbox`, and the page's own policy holds as well.
 */
export function sandboxed(html: string, allowed: Allowed, nonce: string): Sandboxed {
  // A document of DOMParser runs nothing and loads nothing. Chromium complains there of styles that have no nonce yet: that
  // of the page, since a frame without an address of its own inherits its policy.
  const parsed = new DOMParser().parseFromString(html.replaceAll(STYLE, `<style nonce="${nonce}"`), 'text/html')
  for (const element of parsed.querySelectorAll('script, base, meta, link, object, embed, iframe, frame, frameset')) {
    element.remove()
  }
  // The sandbox and two policies keep them from running; without them the browser has nothing to complain of.
  for (const element of parsed.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) if (/^on/i.test(name)) element.removeAttribute(name)
  }
  const links = parsed.querySelectorAll('[*|href], [action], [formaction], [ping]')
  const hasLinks = parsed.querySelector('a[*|href], area[href]') !== null
  for (const link of links) tame(link, allowed.links)
  for (const style of parsed.querySelectorAll('style')) style.setAttribute('nonce', nonce)
  const images = allowed.images ? 'data: https: http:' : `data: ${ownPictures()}`
  const policy = `default-src 'none'; img-src ${images}; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'`
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
<style nonce="${nonce}">:root{color-scheme:light;color:#111}body{margin:12px;overflow-wrap:anywhere}img{max-width:100%}</style>`
  // A browser gives what a later `<html>` has to the one that it began with (HTML, 13.2.6.4.7): here, once the policy holds.
  const whole = `<html${attributesOf(parsed.documentElement)}>`
  return {
    srcdoc: `<!doctype html><head>${head}${whole}${parsed.head.innerHTML}</head><body${attributesOf(parsed.body)}>${parsed.body.innerHTML}</body></html>`,
    hasRemoteImages: hasRemoteImages(parsed),
    hasLinks,
    height: heightOf(parsed),
  }
}

/** What has a size that its text does not tell. */
const SIZED = 'img, svg, video, table, style, hr, input, button, textarea, select, [style], [height], [background]'
const BLOCKS = 'p, div, li, h1, h2, h3, h4, h5, h6, blockquote, pre, ul, ol, br'
/** Rather too few letters than too many, so that a mail is rather too short for its box than too long. */
const LETTERS_PER_LINE = 80
const LINE_PX = 20
const MARGIN_PX = 32

function heightOf({ body, documentElement }: Document): number | undefined {
  const isStyled = documentElement.hasAttribute('style') || body.matches('[style], [background], [bgcolor]')
  if (isStyled || body.querySelector(SIZED) !== null) return undefined
  const lines = (body.textContent ?? '').trim().length / LETTERS_PER_LINE
  const blocks = body.querySelectorAll(BLOCKS).length
  return Math.ceil(lines + 1 + blocks * 2) * LINE_PX + MARGIN_PX
}

function tame(link: Element, isAllowed: boolean): void {
  const href = link.getAttribute('href')
  for (const name of ['href', 'action', 'formaction', 'ping', 'target']) link.removeAttribute(name)
  link.removeAttributeNS(XLINK, 'href')
  if (!isAllowed || href === null || !/^(?:https?:|mailto:)/i.test(href.trim())) return
  link.setAttribute('href', href)
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
}

function hasRemoteImages(parsed: Document): boolean {
  const sources = [...parsed.querySelectorAll('[src], [srcset], [background], [poster]')].flatMap((element) =>
    ['src', 'srcset', 'background', 'poster'].map((name) => element.getAttribute(name) ?? ''),
  )
  const styles = [...parsed.querySelectorAll('[style]')].map((element) => element.getAttribute('style') ?? '')
  const sheets = [...parsed.querySelectorAll('style')].map((element) => element.textContent ?? '')
  const isElsewhere = (source: string) => REMOTE.test(source) && !source.startsWith(ownPictures())
  return sources.some(isElsewhere) || [...styles, ...sheets].some((css) => URL_IN_STYLE.test(css))
}

const attributesOf = ({ attributes }: Element) =>
  [...attributes].map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`).join('')

const escapeAttribute = (value: string) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
