import type { Decimal } from './decimal.ts'
import type { Float64 } from './float64.ts'

/** Connect's types of data. */
export type SchemaType =
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FLOAT32'
  | 'FLOAT64'
  | 'BOOLEAN'
  | 'STRING'
  | 'BYTES'
  | 'ARRAY'
  | 'MAP'
  | 'STRUCT'

/**
 * A value of a record. What it means is said by the schema beside it:
 *
 * | schema | value |
 * |---|---|
 * | INT8, INT16, INT32, FLOAT32, FLOAT64 | `number` |
 * | INT64 | `number` when it is a safe integer, otherwise `bigint` |
 * | BOOLEAN, STRING, BYTES | `boolean`, `string`, `Uint8Array` |
 * | ARRAY, MAP, STRUCT | array, `Map`, plain object |
 * | Decimal; Date, Time, Timestamp | `Decimal`; `Date`, read in UTC |
 *
 * Without a schema a plain object is a map with text keys, a safe integer is an integer and every other number a
 * FLOAT64; a FLOAT64 that happens to be integral is carried as `Float64`, so that 10.0 does not become 10.
 * Absent is `null`, never `undefined`.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Decimal
  | Date
  | Float64
  | readonly Value[]
  | ReadonlyMap<Value, Value>
  | Struct

/**
 * A plain object beside its schema: every field of the schema is an own property. The order of the fields is the
 * schema's, never that of `Object.keys`, which puts integer-like names first. Reading a property gives the raw value;
 * `fieldValue` applies the default of the field.
 */
export interface Struct {
  readonly [field: string]: Value
}
