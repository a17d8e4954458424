import { type Decimal, isDecimal } from './decimal.ts'
import type { Float64 } from './float64.ts'

/** What counts as a number when values are ordered. */
export type NumericValue = number | bigint | Float64 | Decimal

/** A finite number as `numerator` / (2^`twos` · 10^`tens`). */
interface Exact {
  readonly numerator: bigint
  readonly twos: number
  readonly tens: number
}

function exactOf(value: NumericValue): Exact {
  if (isDecimal(value)) return { numerator: value.unscaled, twos: 0, tens: value.scale }
  if (typeof value === 'bigint') return { numerator: value, twos: 0, tens: 0 }
  let scaled = Number(value)
  let twos = 0
  // Doubling is exact, and a double has at most 1,074 binary places.
  for (; !Number.isInteger(scaled); twos++) scaled *= 2
  return { numerator: BigInt(scaled), twos, tens: 0 }
}

/** The power of ten of the first digit, off by at most one for what is no decimal. */
function magnitude(value: NumericValue): number {
  if (typeof value === 'bigint') return digitsOf(value) - 1
  if (isDecimal(value)) return digitsOf(value.unscaled) - 1 - value.scale
  return Number(Number(value).toExponential().split('e')[1])
}

function digitsOf(value: bigint): number {
  return value.toString().length - (value < 0n ? 1 : 0)
}

function signOf(value: NumericValue): number {
  if (isDecimal(value)) return value.unscaled === 0n ? 0 : value.unscaled < 0n ? -1 : 1
  const plain = typeof value === 'bigint' ? value : Number(value)
  return plain < 0 ? -1 : plain > 0 ? 1 : 0
}

function compareFinite(a: NumericValue, b: NumericValue): number {
  const sign = signOf(a)
  if (sign !== signOf(b)) return sign < signOf(b) ? -1 : 1
  if (sign === 0) return 0
  // 1E99999999 against 1 must not be written out: far apart, the magnitudes decide.
  const apart = magnitude(a) - magnitude(b)
  if (Math.abs(apart) > 1) return apart < 0 ? -sign : sign
  const left = exactOf(a)
  const right = exactOf(b)
  const twos = Math.max(left.twos, right.twos)
  const tens = Math.max(left.tens, right.tens)
  const x = left.numerator * 2n ** BigInt(twos - left.twos) * 10n ** BigInt(tens - left.tens)
  const y = right.numerator * 2n ** BigInt(twos - right.twos) * 10n ** BigInt(tens - right.tens)
  return x < y ? -1 : x > y ? 1 : 0
}

/** Compares what is no decimal: JavaScript compares a bigint with a number exactly. */
function comparePlain(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

/** -1, 0 or 1 as the value lies below, among or above all finite numbers; NaN lies above. */
function beyondFinite(value: NumericValue): number {
  if (isDecimal(value) || typeof value === 'bigint') return 0
  const plain = Number(value)
  if (Number.isFinite(plain)) return 0
  return plain === Number.NEGATIVE_INFINITY ? -1 : 1
}

/** By exact magnitude, whatever the kinds; nothing is rounded. NaN comes after everything else. */
export function compareNumbers(a: NumericValue, b: NumericValue): number {
  if (!isDecimal(a) && !isDecimal(b)) {
    return comparePlain(typeof a === 'bigint' ? a : Number(a), typeof b === 'bigint' ? b : Number(b))
  }
  // One is a decimal, so at most one lies beyond.
  return beyondFinite(a) - beyondFinite(b) || compareFinite(a, b)
}
