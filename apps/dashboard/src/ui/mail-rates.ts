const count = new Intl.NumberFormat('en')
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

export const inFigures = (number: number): string => count.format(number)

interface Ends {
  sent: number
  failed: number
}

/** How much of what ended was sent, rounded down: with one that failed it is not all of them. */
export function deliveryRate({ sent, failed }: Ends): string {
  const ended = sent + failed
  return ended === 0 ? '–' : percent.format(Math.floor((sent / ended) * 1_000) / 1_000)
}
