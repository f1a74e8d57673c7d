import { useCallback, useState } from 'react'

const KEY = 'posthorn-preview-height'

function stored(): number | undefined {
  const height = Number(localStorage.getItem(KEY) ?? Number.NaN)
  return Number.isFinite(height) && height > 0 ? height : undefined
}

/** Keeps how high somebody has made a box by its corner, for this browser. */
export function useChosenHeight() {
  const [chosen] = useState(stored)
  const ref = useCallback((box: HTMLElement | null) => {
    if (box === null) return
    const observer = new ResizeObserver(() => {
      // Only the corner sets the height of the element itself.
      const { height } = box.style
      if (height.endsWith('px')) localStorage.setItem(KEY, String(Math.round(Number.parseFloat(height))))
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  return { ref, chosen }
}
