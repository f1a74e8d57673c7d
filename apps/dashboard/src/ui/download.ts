/** Saves a file that came inside JSON. It is handed over as bytes without a type, so that no browser shows or runs it. */
export function download({ filename, content }: { filename: string | null; content: string }): void {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  save(new Blob([bytes], { type: 'application/octet-stream' }), filename ?? 'attachment')
}

/** Saves text, such as an export. */
export function downloadText(filename: string, text: string, type = 'text/csv'): void {
  save(new Blob([text], { type: `${type};charset=utf-8` }), filename)
}

function save(blob: Blob, filename: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = filename
  link.click()
  // The browser has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url))
}
