import { expect, test } from 'vitest'
import { networkOf } from './networks.ts'

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
  ['nonsense', 'unknown'],
  [undefined, 'unknown'],
])('%s counts as %s', (ip, network) => expect(networkOf(ip)).toBe(network))
