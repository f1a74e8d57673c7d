import { expect, test } from 'vitest'
import { pictureCode } from './code-picture.tsx'

const PICTURE = { url: 'https://a.example/x.png', width: 1200 }

test.each([
  ['<mjml>', 'mj-image'],
  ['\n<!-- <p> --><?xml version="1.0"?>\n<!doctype html>\n<MJML lang="en">', 'mj-image'],
  ['<p>About <mjml></p>', 'img'],
  ['<!-- <mjml> -->\n<p>Hello</p>', 'img'],
  ['', 'img'],
])('a picture is written in the language of %j', (text, element) => {
  expect(pictureCode(PICTURE, text)).toContain(`<${element} src="https://a.example/x.png"`)
})
