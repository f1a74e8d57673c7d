import { createServer } from 'node:net'

/** The least that a server can do: answers as soon as a request's bytes are complete, whatever they say. */
const port = Number(process.argv[2])
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'

if (process.channel) process.once('disconnect', () => process.exit())
createServer({ noDelay: true }, (socket) => {
  let requestBytes = Infinity
  let received = 0
  socket.on('data', (chunk) => {
    if (requestBytes === Infinity) {
      const head = chunk.indexOf('\r\n\r\n') + 4
      requestBytes = head + Number(/content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head))?.[1])
    }
    received += chunk.length
    for (; received >= requestBytes; received -= requestBytes) socket.write(answer)
  })
  socket.on('error', () => socket.destroy())
}).listen(port, '127.0.0.1')
