import { Suspense, useState } from 'react'
import { loadedLater } from '../../../api/page-code.ts'
import type { ImagePickerProps } from './image-picker.tsx'

const ImagePicker = loadedLater(() => import('./image-picker.tsx'))

/** Asks for a picture. Loaded when it is first opened. */
export function ChoosePicture(props: ImagePickerProps) {
  const [wasOpened, setWasOpened] = useState(false)
  if (props.opened && !wasOpened) setWasOpened(true)
  return <Suspense>{wasOpened && <ImagePicker {...props} />}</Suspense>
}
