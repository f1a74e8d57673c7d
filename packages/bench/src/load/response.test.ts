import { expect, test } from 'vitest'
import { responseReader } from './response.ts'

const responses = [
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  'HTTP/1.1 422 Unprocessable Entity\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n',
]

test('responses are told apart wherever the network cuts them', () => {
  const stream = responses.join('')
  for (let cut = 1; cut < stream.length; cut++) {
    const statuses: number[] = []
    const read = responseReader((status) => statuses.push(status))
    read(Buffer.from(stream.slice(0, cut)))
    read(Buffer.from(stream.slice(cut)))
    expect({ cut, statuses }).toEqual({ cut, statuses: [200, 422, 204] })
  }
})
