import ipaddr from 'ipaddr.js'

/** What is counted of an address: whoever has one of IPv6 has the whole /64 of it. */
export function networkOf(ip = ''): string {
  if (!ipaddr.isValid(ip)) return ip
  const address = ipaddr.process(ip)
  if (address instanceof ipaddr.IPv4) return address.toString()
  return address.toNormalizedString().split(':').slice(0, 4).join(':')
}
