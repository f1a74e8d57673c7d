import { expect, test } from 'vitest'
import { partsWithoutAddress, withFooter, type Footer } from './footer.ts'
import { seenWords } from './seen-words.ts'

const FOOTER: Footer = {
  projectName: 'Acme <& Co>',
  postalAddress: '1 Test "Street"\nD-10115 Berlin',
  links: { unsubscribeUrl: 'https://m.example/unsubscribe/t', manageUrl: 'https://m.example/manage/t' },
  language: 'de-AT',
}

const add = (html: string | null, text: string | null = null) => withFooter({ html, text }, FOOTER)
const WAY_OUT = `<a href="${FOOTER.links.unsubscribeUrl}">Out</a>`
const ADDRESS = '<p>1 Test &quot;Street&quot;,<br>D-10115 Berlin</p>'

test('sender, address and way out are added where they are missing, escaped, to each part', () => {
  const { html, text } = add('<html><body><p>Hi</p></body></html>', 'Hi\n')
  expect(html).toMatch(
    /^<html><body><p>Hi<\/p><div style="[^"]+">Acme &lt;&amp; Co&gt;<br>1 Test &quot;Street&quot;<br>D-10115 Berlin<br><a href="https:\/\/m\.example\/unsubscribe\/t"[^>]*>Abmelden<\/a><\/div><\/body><\/html>$/,
  )
  expect(text).toBe('Hi\n\nAcme <& Co>\n1 Test "Street"\nD-10115 Berlin\nAbmelden: https://m.example/unsubscribe/t\n')
})

test('what is there is not added again, however the address is broken into lines', () => {
  const html = `<body>${ADDRESS}${WAY_OUT}</body>`
  const text = '1 Test "Street", D-10115 Berlin https://m.example/manage/t'
  expect(add(html, text)).toEqual({ html, text })
  expect(add(`<body>${ADDRESS}</body>`).html).not.toContain('Acme')
  expect(add(`<body>${WAY_OUT}</body>`).html).not.toContain('Abmelden')
})

test('what is seen is told from what is not behind letters that become two in lower case', () => {
  expect(seenWords(`${'İ'.repeat(9)}<STYLE>a</Style>b<!-- c -->d`).split(/[\sİ]+/)).toEqual(['', 'b', 'd'])
})

test.each([
  ['a comment', `<!-- ${ADDRESS} -->`],
  ['a style', `<style>/* 1 Test "Street" D-10115 Berlin */</style>`],
  ['an attribute', `<img alt='1 Test "Street" D-10115 Berlin'>`],
])('an address that stands in %s is not seen by anybody, so it is added', (_, hidden) => {
  expect(add(`<body>${hidden}</body>`).html).toContain('Acme')
})

test.each([
  ['a comment', `<!-- ${WAY_OUT} -->`],
  ['plain words', `<p>${FOOTER.links.unsubscribeUrl}</p>`],
  ['a picture', `<img alt="" src="${FOOTER.links.manageUrl}">`],
])('a way out that is but %s is none, so one is added', (_, hidden) => {
  expect(add(`<body>${hidden}</body>`).html).toContain('Abmelden')
})

test.each([
  ['<p>Hi</p>', '<p>Hi</p>|'],
  ['<HTML><BODY>Hi</BODY ></HTML>', '<HTML><BODY>Hi|</BODY ></HTML>'],
  ['<BODY>İSTANBUL’DA İNDİRİM</body></html>', '<BODY>İSTANBUL’DA İNDİRİM|</body></html>'],
  ['<html><body>Hi</html>', '<html><body>Hi|</html>'],
  ['<body>Hi<!-- </body> -->', '<body>Hi<!-- </body> -->|'],
  ['<body>Hi</body><!-- </body> -->', '<body>Hi</body><!-- </body> -->|'],
  ['<body>Hi<!--[if mso]></td><![endif]--></body>', '<body>Hi<!--[if mso]></td><![endif]-->|</body>'],
])('it stands at the end of what is read: %s', (html, wanted) => {
  expect(add(html).html?.replace(/<div style.*<\/div>/, '|')).toBe(wanted)
})

test('an address without a word to look for is found all the same, and one that comes late in a long mail', () => {
  expect(partsWithoutAddress({ html: '<p>a 1-2</p>', text: null }, '1\n2')).toEqual([])
  expect(partsWithoutAddress({ html: '<p>a</p>', text: null }, '1\n2')).toEqual(['html'])
  const long = `<p>${'1 Test and more '.repeat(5_000)}</p>${ADDRESS}`
  expect(partsWithoutAddress({ html: long, text: null }, FOOTER.postalAddress)).toEqual([])
})

test('an unknown language has English words, and parts that there are not stay away', () => {
  expect(withFooter({ html: null, text: 'Hi' }, { ...FOOTER, language: 'pt-BR' })).toEqual({
    html: null,
    text: expect.stringContaining('Unsubscribe: '),
  })
})

test('a mail names its address when every part of it does, and it is known which do not', () => {
  const without = (html: string | null, text: string | null) =>
    partsWithoutAddress({ html, text }, FOOTER.postalAddress)
  expect(without(ADDRESS, '1 Test "Street"\r\nD-10115 Berlin')).toEqual([])
  expect(without(ADDRESS, null)).toEqual([])
  expect(without(ADDRESS, 'Hi')).toEqual(['text'])
  expect(without('<p>D-10115 Berlin</p>', null)).toEqual(['html'])
  expect(without('<p>Hi</p>', 'Hi')).toEqual(['html', 'text'])
})
