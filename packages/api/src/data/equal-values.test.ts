import { arbitraryOf, arbitrarySchema, arbitrarySchemalessValue, arbitraryValue } from '@sluice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { compareValues } from './compare-values.ts'
import { Decimal } from './decimal.ts'
import { equalValues } from './equal-values.ts'
import { Float64 } from './float64.ts'
import { canonicalInt64, int64 } from './int64.ts'
import type { Value } from './value.ts'
import { valueKey } from './value-key.ts'

const map = (...entries: readonly (readonly [Value, Value])[]): Value => new Map(entries)
const bytes = (...of: number[]): Uint8Array => Uint8Array.from(of)

/** Every line holds values that are equal; values of different lines are not. The lines are in ascending order. */
const classes: readonly (readonly Value[])[] = [
  [null],
  [false],
  [true],
  [Number.NEGATIVE_INFINITY],
  [new Decimal(-1n, -400)],
  [-(2n ** 63n)],
  [-1, -1n],
  [0, 0n],
  [-0, new Float64(-0)],
  [new Float64(0)],
  [new Decimal(0n, 0)],
  [new Decimal(0n, 2)],
  [5e-324],
  [0.1],
  // 0.1 is a little more than a tenth, and the decimal is one exactly.
  [new Decimal(2n, 1)],
  [1, 1n],
  [new Float64(1)],
  [new Decimal(1n, 0)],
  [new Decimal(10n, 1)],
  [1.5],
  [new Decimal(15n, 1)],
  [5, 5n],
  [Number.MAX_SAFE_INTEGER, BigInt(Number.MAX_SAFE_INTEGER)],
  [2n ** 53n],
  [new Float64(2 ** 53), 2 ** 53],
  [2n ** 53n + 1n],
  [new Decimal(2n ** 53n + 1n, 0)],
  [2n ** 60n],
  [2n ** 63n - 1n],
  [1e300],
  [new Decimal(1n, -99_999_999)],
  [Number.POSITIVE_INFINITY],
  [Number.NaN],
  [''],
  ['1'],
  ['B'],
  ['a'],
  ['ab'],
  ['\ud83d\ude00'],
  ['\uffff'],
  [bytes()],
  [bytes(1), Buffer.from([1])],
  [bytes(1, 0)],
  [bytes(2)],
  [bytes(255)],
  [new Date(-1)],
  [new Date(0), new Date(0)],
  [[]],
  [[1], [1n]],
  [[1, 2]],
  [[2]],
  [map()],
  [map([1, 'a']), map([1n, 'a'])],
  [map([1, 'a'], [2, 'b']), map([2, 'b'], [1n, 'a'])],
  [map([bytes(1), 1], [bytes(2), 2]), map([bytes(2), 2], [bytes(1), 1])],
  [map([[1], { a: 5n }]), map([[1n], { a: 5 }])],
  [{}],
  [{ a: 1, b: null }],
  [
    { a: 1, b: 2 },
    { b: 2n, a: 1 },
  ],
  [{ a: 2 }],
  [{ b: 1 }],
]

describe('equalValues, valueKey and compareValues', () => {
  const flat = classes.flatMap((values, line) => values.map((value) => [line, value] as const))

  test('agree on every pair of values of every kind', () => {
    for (const [line, a] of flat) {
      for (const [other, b] of flat) {
        const pair = `${valueKey(a)} and ${valueKey(b)}`
        expect(equalValues(a, b), pair).toBe(line === other)
        expect(valueKey(a) === valueKey(b), pair).toBe(line === other)
      }
    }
  })

  test('order them: null, booleans, numbers by exact magnitude, text, bytes, dates, arrays, maps, structs', () => {
    const shuffled = flat.toSorted((a, b) => valueKey(a[1]).length - valueKey(b[1]).length)
    expect(shuffled.toSorted((a, b) => compareValues(a[1], b[1])).map(([line]) => line)).toEqual(
      flat.map(([line]) => line),
    )
  })

  const anyValue = fc.oneof(
    arbitrarySchemalessValue({ mixedForms: true }),
    arbitraryOf(arbitrarySchema({ depth: 2 }), { mixedForms: true }).map(([, value]) => value),
  )
  /** Two values that are often equal, and often nearly so. */
  const related = arbitrarySchema({ depth: 2 }).chain((schema) =>
    fc.tuple(arbitraryValue(schema, { mixedForms: true }), arbitraryValue(schema, { mixedForms: true })),
  )

  test('agree on generated values, in both forms of INT64', () => {
    fc.assert(
      fc.property(fc.oneof(related, fc.tuple(anyValue, anyValue)), ([a, b]) => {
        const equal = equalValues(a, b)
        expect(equalValues(b, a)).toBe(equal)
        expect(valueKey(a) === valueKey(b)).toBe(equal)
        expect(compareValues(a, b) === 0).toBe(equal)
        expect(compareValues(b, a)).toBe(0 - compareValues(a, b))
      }),
      { seed: 4301, numRuns: 1000 },
    )
  })

  test('a value equals its deep copy', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(equalValues(value, copy(value))).toBe(true)
        expect(valueKey(copy(value))).toBe(valueKey(value))
      }),
      { seed: 4302, numRuns: 500 },
    )
  })

  test('compareValues is transitive', () => {
    fc.assert(
      fc.property(related, anyValue, anyValue, ([a, b], c, d) => {
        const sorted = [a, b, c, d].toSorted(compareValues)
        for (let i = 0; i < 4; i++) {
          for (let j = i; j < 4; j++) expect(compareValues(sorted[i]!, sorted[j]!)).toBeLessThanOrEqual(0)
        }
      }),
      { seed: 4303, numRuns: 250 },
    )
  })

  test('keys of values in a row cannot be taken for one another', () => {
    const pairs: readonly (readonly [Value, Value])[] = [
      [['a', 'b'], ['as1:b']],
      [
        ['1', 2],
        [1, '2'],
      ],
      [{ a: 'b' }, { 'a1:': 'b' }],
      [[[]], [[], []]],
      [map(['a', 'b']), { a: 'b' }],
      ['[]', []],
    ]
    for (const [a, b] of pairs) expect(valueKey(a)).not.toBe(valueKey(b))
  })

  test('refuse what is nested too deep instead of running out of stack', () => {
    const deep = (): Value => {
      let value: Value = 1
      for (let depth = 0; depth < 100_000; depth++) value = depth % 2 === 0 ? [value] : { value }
      return value
    }
    for (const walk of [
      () => equalValues(deep(), deep()),
      () => valueKey(deep()),
      () => compareValues(deep(), deep()),
    ]) {
      expect(walk).toThrow(expect.toSatisfy(isDataError))
    }
  })

  test('a decimal that cannot be written out is compared in no time', () => {
    expect(compareValues(new Decimal(1n, -2_000_000_000), new Decimal(1n, 2_000_000_000))).toBe(1)
    expect(compareValues(new Decimal(-1n, -2_000_000_000), 5)).toBe(-1)
    expect(compareValues(new Decimal(1n, 2_000_000_000), 5e-324)).toBe(-1)
  })
})

describe('int64', () => {
  test('is a number when that is safe, otherwise a bigint', () => {
    for (const value of [0n, -5n, 2n ** 53n - 1n, 1n - 2n ** 53n]) expect(int64(value)).toBe(Number(value))
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n]) expect(int64(value)).toBe(value)
    expect(canonicalInt64(5n)).toBe(5)
    expect(canonicalInt64(5)).toBe(5)
  })
})

function copy(value: Value): Value {
  if (value instanceof Decimal) return new Decimal(value.unscaled, value.scale)
  if (value instanceof Float64) return new Float64(value.value)
  if (value instanceof Map)
    return new Map([...(value as ReadonlyMap<Value, Value>)].map(([k, v]) => [copy(k), copy(v)]))
  if (Array.isArray(value)) return (value as readonly Value[]).map(copy)
  if (value instanceof Uint8Array) return value.slice()
  if (value instanceof Date) return new Date(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, copy(of as Value)]))
}
