/** Reads HTTP/1.1 responses from one connection, as far as a load generator needs: status and length. */
export function responseReader(onResponse: (status: number, excerpt: string) => void): (chunk: Buffer) => void {
  let pending: Buffer | undefined
  return (chunk) => {
    let bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk])
    pending = undefined
    while (bytes.length > 0) {
      const length = responseLength(bytes)
      if (length === undefined || length > bytes.length) {
        pending = bytes
        return
      }
      const response = bytes.subarray(0, length)
      bytes = bytes.subarray(length)
      const status = Number(response.toString('latin1', 9, 12))
      onResponse(status, status < 300 ? '' : response.toString('latin1', 0, 2000))
    }
  }
}

function responseLength(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) return end + 4 + Number(length)
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    const last = bytes.indexOf('0\r\n\r\n', end + 4)
    return last < 0 ? undefined : last + 5
  }
  return end + 4
}
