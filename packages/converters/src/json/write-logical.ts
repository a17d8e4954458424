import {
  DataError,
  dateToDays,
  decimalToBytes,
  isDecimal,
  javaClassOf,
  LogicalName,
  type Schema,
  timestampToMillis,
  timeToMillis,
  type Value,
} from '@sluice/api'
import type { JsonOptions } from './json-options.ts'
import { base64Text } from './write-schemaless.ts'

/** The writer of a schema that is named as one of Connect's logical types, whatever its base type; else null. */
export function logicalWriter(schema: Schema, options: JsonOptions): ((value: Value) => string) | null {
  switch (schema.name) {
    case LogicalName.decimal:
      return (value) => {
        if (!isDecimal(value)) return misfit('Decimal', 'BigDecimal', value)
        return options.decimalFormat === 'NUMERIC' ? value.toString() : base64Text(decimalToBytes(schema, value))
      }
    case LogicalName.date:
      return (value) => String(dateToDays(schema, requireDate(value, 'Date')))
    case LogicalName.time:
      return (value) => String(timeToMillis(schema, requireDate(value, 'Time')))
    case LogicalName.timestamp:
      return (value) => String(timestampToMillis(schema, requireDate(value, 'Timestamp')))
    default:
      return null
  }
}

function requireDate(value: Value, type: string): Date {
  if (!(value instanceof Date)) return misfit(type, 'Date', value)
  if (Number.isNaN(value.getTime()))
    throw new DataError(`Writing JSON: found an invalid date for a value of type ${type}.`)
  return value
}

function misfit(type: string, expected: string, value: Value): never {
  throw new DataError(`Invalid type for ${type}, expected ${expected} but was class ${javaClassOf(value)}`)
}
