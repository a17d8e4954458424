import { isDecimal } from './decimal.ts'
import { isFloat64 } from './float64.ts'
import type { Struct, Value } from './value.ts'

/** The forms of a value. `integer` is a number or a bigint; `double` a number that is no safe integer, or a Float64. */
export type ValueKind =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'double'
  | 'decimal'
  | 'string'
  | 'bytes'
  | 'date'
  | 'array'
  | 'map'
  | 'struct'
  | 'none'

/** True for a number that reads as an integer in schemaless data; every other number is a FLOAT64. */
export function isIntegerNumber(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

/** The form of a value; `none` for what is no value: undefined, a function, a symbol. */
export function kindOf(value: Value | undefined): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return isIntegerNumber(value) ? 'integer' : 'double'
    case 'bigint':
      return 'integer'
    case 'boolean':
      return 'boolean'
    case 'object':
      return value === null ? 'null' : kindOfObject(value)
    default:
      return 'none'
  }
}

function kindOfObject(value: object): ValueKind {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return 'struct'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Date) return 'date'
  if (value instanceof Map) return 'map'
  if (isDecimal(value)) return 'decimal'
  return isFloat64(value) ? 'double' : 'none'
}

/** True for a plain object: a struct, or in schemaless data a map with text keys. */
export function isStruct(value: Value | undefined): value is Struct {
  return kindOf(value) === 'struct'
}
