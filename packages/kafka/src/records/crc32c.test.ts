import { describe, expect, test } from 'vitest'
import { crc32c, portableCrc32c } from './crc32c.ts'

describe.each([
  ['the one in use', crc32c],
  ['our own', portableCrc32c],
])('CRC-32C, %s', (_, checksum) => {
  test('gives the published values', () => {
    expect(checksum(Buffer.from('123456789'))).toBe(0xe3069283)
    expect(checksum(Buffer.alloc(0))).toBe(0)
    expect(checksum(Buffer.alloc(32))).toBe(0x8a9136aa)
    expect(checksum(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43)
  })
})

test('the implementations agree at every length and alignment', () => {
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 2654435761) >>> 24))
  const lengths = [...Array.from({ length: 70 }, (_, i) => i), 4095, 4096, 4097, 19_990]
  for (const start of [0, 1, 3, 7]) {
    for (const length of lengths) {
      const view = bytes.subarray(start, start + length)
      expect(crc32c(view), `${start}+${length}`).toBe(portableCrc32c(view))
    }
  }
})
