import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { Decimal, isDecimal } from './decimal.ts'
import { readTwosComplement, writeTwosComplement } from './twos-complement.ts'

type DecimalRow = readonly [text: string, printed: string, unscaled: string, scale: number, bytes: string]

const { decimals } = JSON.parse(readFileSync(new URL('../../testdata/java-texts.json', import.meta.url), 'utf8')) as {
  decimals: readonly DecimalRow[]
}

describe('Decimal', () => {
  test('reads, prints and encodes as BigDecimal does', () => {
    for (const [text, printed, unscaled, scale, bytes] of decimals) {
      const decimal = Decimal.parse(text)
      expect([decimal.unscaled, decimal.scale]).toEqual([BigInt(unscaled), scale])
      expect(decimal.toString()).toBe(printed)
      expect(Buffer.from(decimal.toBytes()).toString('base64')).toBe(bytes)
      expect(Decimal.fromBytes(Buffer.from(bytes, 'base64'), scale).equals(decimal)).toBe(true)
    }
  })

  test.each(['', '.', '+', 'abc', '1,5', ' 1', '1 ', '1e', '1e1.5', '0x10', 'NaN', 'Infinity', '1_000', '--1'])(
    'refuses %j as a DataError that does not show the value',
    (text) => {
      expect(() => Decimal.parse(text)).toThrow('Reading a decimal: the text is not a decimal number.')
    },
  )

  test('refuses a scale that is no 32-bit integer, as BigDecimal does', () => {
    for (const text of ['1e-2147483648', '1e99999999999', '1E+2147483649']) {
      expect(() => Decimal.parse(text)).toThrow(/32-bit/)
    }
    expect(() => new Decimal(1n, 0.5)).toThrow(/32-bit/)
    expect(Decimal.parse('1E-2147483647').toString()).toBe('1E-2147483647')
  })

  test('refuses no bytes with the message of Java', () => {
    try {
      Decimal.fromBytes(new Uint8Array(), 2)
      expect.unreachable()
    } catch (error) {
      expect(isDataError(error)).toBe(true)
      expect(String(error)).toContain('Zero length BigInteger')
    }
  })

  test('survives its text and its bytes', () => {
    const unscaled = fc.bigInt({ min: -(2n ** 300n), max: 2n ** 300n })
    fc.assert(
      fc.property(unscaled, fc.integer({ min: -400, max: 400 }), (value, scale) => {
        const decimal = new Decimal(value, scale)
        expect(Decimal.parse(decimal.toString()).equals(decimal)).toBe(true)
        expect(Decimal.fromBytes(decimal.toBytes(), scale).equals(decimal)).toBe(true)
      }),
      { seed: 4301, numRuns: 500 },
    )
  })

  test('is known also when another copy of this package made it', () => {
    const fromOtherCopy = { unscaled: 1n, scale: 0, [Symbol.for('sluice.decimal')]: true }
    expect(isDecimal(fromOtherCopy)).toBe(true)
    expect(isDecimal({ unscaled: 1n, scale: 0 })).toBe(false)
  })
})

describe("two's complement", () => {
  test('is as short as it can be, and is read also when it is longer', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
        fc.integer({ min: 0, max: 9 }),
        (value, padding) => {
          const bytes = writeTwosComplement(value)
          const bits = 8n * BigInt(bytes.length)
          expect(BigInt.asIntN(Number(bits), value)).toBe(value)
          if (bytes.length > 1) expect(BigInt.asIntN(Number(bits - 8n), value)).not.toBe(value)
          const padded = [...Array.from({ length: padding }, () => (value < 0n ? 255 : 0)), ...bytes]
          expect(readTwosComplement(Uint8Array.from(padded))).toBe(value)
        },
      ),
      { seed: 4301, numRuns: 1000 },
    )
  })

  test('reads a megabyte in linear work', () => {
    const bytes = new Uint8Array(1_000_000).fill(0xab)
    expect(writeTwosComplement(readTwosComplement(bytes))).toEqual(bytes)
  })
})
