import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxVarlong, sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts'

/** The definition, with bigints. */
function reference(value: bigint): string {
  let zigzag = value >= 0n ? value * 2n : value * -2n - 1n
  const bytes: number[] = []
  while (zigzag > 0x7fn) {
    bytes.push(Number(zigzag & 0x7fn) | 0x80)
    zigzag >>= 7n
  }
  return Buffer.from([...bytes, Number(zigzag)]).toString('hex')
}

test('an int32 is written as its definition says, in the size that was announced', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.integer({ min: -70, max: 70 })), (value) => {
      const bytes = Buffer.alloc(12)
      const end = writeVarint(bytes, value, 1)
      expect(bytes.toString('hex', 1, end)).toBe(reference(BigInt(value)))
      expect(sizeOfVarint(value)).toBe(end - 1)
    }),
    { seed: 20260709, numRuns: 2000 },
  )
})

test('an integer of up to 53 bits is written as its definition says, in the size that was announced', () => {
  const edges = [0, -1, 63, 64, -64, -65, 2 ** 31, -(2 ** 31), 2 ** 42, maxVarlong, -maxVarlong]
  const value = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: -maxVarlong, max: maxVarlong }))
  fc.assert(
    fc.property(value, (number) => {
      const bytes = Buffer.alloc(12)
      const end = writeVarlong(bytes, number, 0)
      expect(bytes.toString('hex', 0, end)).toBe(reference(BigInt(number)))
      expect(sizeOfVarlong(number)).toBe(end)
    }),
    { seed: 20260710, numRuns: 2000 },
  )
})
