import { DataError, fitsInt64 } from '@sluice/api'
import { DecimalText } from './parse-json.ts'

/**
 * A JSON value on its way to a Connect value: what `JSON.parse` gives, or the parser of ours, which keeps numbers exact
 * (`bigint`, `DecimalText`). `undefined` stands for a value that is not there.
 */
export type JsonNode = unknown

/** An object of a parsed document. */
export type JsonObject = Readonly<Record<string, JsonNode>>

/**
 * Thrown by readers that met a number which `JSON.parse` may have rounded: the caller parses again, exactly. One
 * object for all, because it never leaves this package and a stack trace would cost more than the parse.
 */
export const inexactNumber: unique symbol = Symbol('inexact number')

/** Java's name for the kind of a node, as its messages use it. */
export function nodeType(node: JsonNode): string {
  switch (typeof node) {
    case 'string':
      return 'STRING'
    case 'number':
    case 'bigint':
      return 'NUMBER'
    case 'boolean':
      return 'BOOLEAN'
    case 'undefined':
      return 'MISSING'
    default:
      if (node === null) return 'NULL'
      if (Array.isArray(node)) return 'ARRAY'
      return node instanceof DecimalText ? 'NUMBER' : 'OBJECT'
  }
}

/** True for a JSON object. */
export function isObjectNode(node: JsonNode): node is JsonObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof DecimalText)
}

/** The member of an object; undefined when there is none, whatever objects inherit. */
export function member(object: JsonObject, name: string): JsonNode {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

const minInt = -(2 ** 31)
const maxInt = 2 ** 31 - 1

/** True for an integer that a Java int holds: written without fraction and exponent. */
export function isIntNode(node: JsonNode): node is number {
  return typeof node === 'number' && Number.isInteger(node) && node >= minInt && node <= maxInt
}

/** True for an integer of any size, written without fraction and exponent. */
export function isIntegralNode(node: JsonNode): node is number | bigint {
  return typeof node === 'bigint' || (typeof node === 'number' && Number.isInteger(node))
}

/**
 * The low 32 bits of a number, its fraction cut off, as Java's `intValue()` gives them; 0 for anything but a number.
 * A number beyond 64 bits is an error: from there on Java's bits mean nothing.
 */
export function lowBits(node: JsonNode): number {
  if (typeof node === 'number') {
    if (Math.abs(node) > Number.MAX_SAFE_INTEGER) throw inexactNumber
    return node | 0
  }
  const integer = integerPart(node)
  return integer === null ? 0 : Number(BigInt.asIntN(32, integer))
}

/** The integer part of an exact number within 64 bits; null for anything but a bigint and a `DecimalText`. */
export function integerPart(node: JsonNode): bigint | null {
  if (typeof node === 'bigint') return checkInt64(node)
  return node instanceof DecimalText ? checkInt64(truncate(node.text)) : null
}

const decimalParts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** Cuts off the fraction. Anything beyond 64 bits comes back as 2^64, so that an exponent cannot cost memory. */
function truncate(text: string): bigint {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = decimalParts.exec(text) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  const length = digits.length - fraction.length + Number(exponent)
  if (digits === '' || length <= 0) return 0n
  if (length > 20) return 1n << 64n
  const integer = BigInt(digits.slice(0, length).padEnd(length, '0'))
  return sign === '-' ? -integer : integer
}

/** The integer itself, or the error that it is beyond 64 bits: nothing is wrapped, where Java wraps. */
export function checkInt64(integer: bigint): bigint {
  if (fitsInt64(integer)) return integer
  throw new DataError('Reading JSON: found an integer beyond 64 bits, which no Connect type holds.')
}
