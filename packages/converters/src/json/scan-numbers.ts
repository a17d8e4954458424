import { maxDepth } from './parse-json.ts'

/**
 * What `JSON.parse` would lose for the use at hand:
 * - `unsafe-integers`: integers that a double may not hold.
 * - `schemaless`: those, and the kind of a number: `1.0` is a FLOAT64 where `1` is an INT64.
 * - `decimals`: those, and every fraction and exponent, for values that are kept as written.
 */
export type NumberCare = 'unsafe-integers' | 'schemaless' | 'decimals'

const safeDigits = 15
const quote = 0x22
const backslash = 0x5c

/**
 * True when `JSON.parse` reads the bytes from `start` to `end` (UTF-8) without losing anything that matters.
 * One pass over the bytes, far cheaper than a parse with a reviver; it decides nothing about correctness of the JSON,
 * and may say false needlessly.
 */
export function isPlainJson(bytes: Uint8Array, start: number, end: number, care: NumberCare): boolean {
  let depth = 0
  let at = start
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte === quote) {
      // The loop of `endOfString`, without the call: most of the bytes of most documents pass here.
      at++
      while (at < end && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
      at++
    } else if (byte <= 0x39 && byte >= 0x30) {
      at = endOfPlainNumber(bytes, at, end, care)
      if (at < 0) return false
    } else {
      // An opening brace or bracket, then a closing one; each pair differs in one bit.
      if ((byte | 0x20) === 0x7b) depth++
      else if ((byte | 0x20) === 0x7d) depth--
      if (depth > maxDepth) return false
      at++
    }
  }
  return true
}

/** The position after the closing quote, from the first byte inside a string. */
export function endOfString(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at]
    if (byte === quote) return at + 1
    at += byte === backslash ? 2 : 1
  }
  return end
}

/** The position after a number, or -1 when the number needs care. `start` is at its first digit. */
function endOfPlainNumber(bytes: Uint8Array, start: number, end: number, care: NumberCare): number {
  const at = endOfDigits(bytes, start, end)
  if (at - start > safeDigits) return -1
  const next = at < end ? bytes[at] : 0
  const isDecimal = next === 0x2e || next === 0x65 || next === 0x45
  if (!isDecimal) {
    const isMinusZero = care === 'schemaless' && bytes[start] === 0x30 && start > 0 && bytes[start - 1] === 0x2d
    return isMinusZero ? -1 : at
  }
  if (care === 'unsafe-integers') return endOfDecimal(bytes, at, end)
  if (care === 'decimals' || next !== 0x2e) return -1
  return endOfPlainFraction(bytes, at + 1, end, at - start)
}

/**
 * For schemaless data: a FLOAT64 that a double holds as an integral number needs care. That is so after a fraction of
 * zeros, perhaps after an exponent, and when all of the digits that a double tells apart are zeros or nines.
 */
function endOfPlainFraction(bytes: Uint8Array, start: number, end: number, integerDigits: number): number {
  const telling = start + safeDigits - integerDigits
  let at = start
  let nonZeros = 0
  let nonNines = 0
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte < 0x30 || byte > 0x39) break
    if (at >= telling) continue
    nonZeros |= byte ^ 0x30
    nonNines |= byte ^ 0x39
  }
  const next = at < end ? bytes[at] : 0
  if (next === 0x65 || next === 0x45 || nonZeros === 0) return -1
  return nonNines === 0 && at > telling ? -1 : at
}

function endOfDecimal(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at] ?? 0
    const belongs =
      (byte >= 0x30 && byte <= 0x39) ||
      byte === 0x2e ||
      byte === 0x65 ||
      byte === 0x45 ||
      byte === 0x2b ||
      byte === 0x2d
    if (!belongs) break
    at++
  }
  return at
}

function endOfDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte < 0x30 || byte > 0x39) break
    at++
  }
  return at
}
