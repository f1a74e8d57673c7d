/** Which email a message carries. */
export interface EmailReference {
  projectId: string
  emailId: string
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const ENVELOPE_ID = new RegExp(`^(${UUID})\\.(${UUID})$`)

/** Reads the envelope id (RFC 3461, section 4.4) that Posthorn's worker gives: `<projectId>.<emailId>`. */
export function parseEnvelopeId(text: string | null | undefined): EmailReference | undefined {
  const [, projectId, emailId] = ENVELOPE_ID.exec(text ?? '') ?? []
  return projectId === undefined || emailId === undefined ? undefined : { projectId, emailId }
}
