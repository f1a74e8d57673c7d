import type { EditorView } from '@codemirror/view'
import { Button } from '@mantine/core'
import { IconPhoto } from '@tabler/icons-react'
import { useState, type RefObject } from 'react'
import { ChoosePicture } from './images/choose-picture.tsx'
import type { Image } from './images/upload-image.ts'

/** As wide as a mail is. */
const MAIL_WIDTH = 600

/** MJML begins with this element, behind nothing but comments, an XML declaration and a doctype. */
const IN_MJML = /^\s*(?:(?:<!--[\s\S]*?-->|<[!?][^>]*>)\s*)*<mjml[\s/>]/i

/** The element that shows a picture, in the language of the text that it goes into. */
export function pictureCode({ url, width }: Pick<Image, 'url' | 'width'>, text: string): string {
  const shown = Math.min(width, MAIL_WIDTH)
  return IN_MJML.test(text)
    ? `<mj-image src="${url}" alt="" width="${shown}px" />`
    : `<img src="${url}" alt="" width="${shown}" style="max-width:100%;height:auto">`
}

/** Puts a picture where the cursor is. */
export function insertPicture(view: EditorView, image: Image): void {
  const code = pictureCode(image, view.state.doc.toString())
  view.dispatch({ ...view.state.replaceSelection(code), scrollIntoView: true })
  view.focus()
}

/** Offers the pictures of the project to the code. */
export function CodePicture({ view }: { view: RefObject<EditorView | undefined> }) {
  const [isChoosing, setChoosing] = useState(false)
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPhoto size={14} aria-hidden />}
        onClick={() => setChoosing(true)}
      >
        Insert picture
      </Button>
      <ChoosePicture
        opened={isChoosing}
        onClose={() => setChoosing(false)}
        onPick={(image) => {
          setChoosing(false)
          const { current } = view
          // Once the dialog has given the focus back.
          if (current !== undefined) setTimeout(() => insertPicture(current, image))
        }}
      />
    </>
  )
}
