import PostalMime from 'postal-mime'

const END_OF_HEADERS = '\r\n\r\n'

/** The subject of a message in plain words. Only the headers are looked at, however large the rest is. */
export async function readSubject(source: Buffer): Promise<string> {
  const end = source.indexOf(END_OF_HEADERS)
  const headers = end < 0 ? source : source.subarray(0, end + END_OF_HEADERS.length)
  const { subject = '' } = await PostalMime.parse(headers)
  // An encoded word can hold what PostgreSQL cannot.
  return subject.replaceAll('\0', '')
}
