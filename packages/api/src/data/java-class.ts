import { fitsInt64 } from './int64.ts'
import { kindOf } from './value-kind.ts'
import type { Value } from './value.ts'

function classOfNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return fitsInt64(value) ? 'java.lang.Long' : 'java.math.BigInteger'
  return (value | 0) === value ? 'java.lang.Integer' : 'java.lang.Long'
}

/**
 * The class that such a value has in Java, as Connect's messages name it. A whole number is an Integer or, beyond
 * 32 bits, a Long; a plain object is a Struct. What is no value is named by its JavaScript constructor.
 */
export function javaClassOf(value: unknown): string {
  switch (kindOf(value as Value)) {
    case 'boolean':
      return 'java.lang.Boolean'
    case 'integer':
      return classOfNumber(value as number | bigint)
    case 'double':
      return 'java.lang.Double'
    case 'decimal':
      return 'java.math.BigDecimal'
    case 'string':
      return 'java.lang.String'
    case 'bytes':
      return '[B'
    case 'date':
      return 'java.util.Date'
    case 'array':
      return 'java.util.ArrayList'
    case 'map':
      return 'java.util.HashMap'
    case 'struct':
      return 'org.apache.kafka.connect.data.Struct'
    default:
      return foreignName(value)
  }
}

function foreignName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  return value.constructor.name
}
