/** Ends a transaction with an SMTP reply; anything else that is thrown is a fault of ours. */
export class Refusal extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

export const notOurs = () => new Refusal(550, '5.7.1 This inbox only takes mail of the Posthorn that it belongs to')

export const tooLarge = (mostBytes: number) => new Refusal(552, `5.3.4 This inbox takes at most ${mostBytes} bytes`)

export const notStored = () => new Refusal(451, '4.3.0 The message could not be stored; try again later')

export const incomplete = () => new Refusal(451, '4.4.2 The message did not arrive whole')
