import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMalformedUtf8 } from './malformed-utf8.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))

describe('decodeMalformedUtf8', () => {
  test.each([
    ['ff', '�', 0],
    ['7fff', '\u007f�', 1],
    ['ffffffff', '����', 0],
    ['c328', '�(', 0],
    ['c080', '��', 0],
    ['e28261', '�a', 0],
    ['e282', '�', 0],
    ['61e080af', 'a���', 1],
    ['f09f98', '�', 0],
    ['f09f9861', '�a', 0],
    ['f4908080', '����', 0],
    ['f5808080', '����', 0],
    ['eda080', '�', 0],
    ['eda061', '�a', 0],
    ['eda0bdedb880', '��', 0],
    ['c3a9e697a5f09f9880', 'é日😀', -1],
  ])('reads %s as Java does', (hex, text, firstErrorAt) => {
    expect(decodeMalformedUtf8(bytes(hex))).toEqual({ text, firstErrorAt })
  })

  test('agrees with the platform on bytes without encoded surrogates', () => {
    const platform = new TextDecoder('utf-8', { ignoreBOM: true })
    const anyBytes = fc.uint8Array({ maxLength: 12 }).filter((array) => !array.includes(0xed))
    fc.assert(
      fc.property(anyBytes, (array) => {
        expect(decodeMalformedUtf8(array).text).toBe(platform.decode(array))
      }),
      { seed: 4301, numRuns: 2000 },
    )
  })

  test('finds no error in well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeMalformedUtf8(new TextEncoder().encode(text))).toEqual({
          text: text.toWellFormed(),
          firstErrorAt: -1,
        })
      }),
      { seed: 4302, numRuns: 200 },
    )
  })
})
