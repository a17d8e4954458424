import { DataError } from '../errors/connect-error.ts'
import { Decimal } from './decimal.ts'
import { LogicalName } from './logical-name.ts'
import type { Schema } from './schema.ts'

/*
 * The encoded forms of Connect's logical types, for converters: a Date is days, a Time milliseconds of the day, a
 * Timestamp milliseconds, a Decimal its unscaled value in two's complement. Messages are Connect's.
 */

const dayMs = 86_400_000
/** What a JavaScript Date can hold, in milliseconds either way. Java's reaches further. */
const maxDateMs = 8.64e15

function dateAt(ms: number, type: string): Date {
  if (Math.abs(ms) > maxDateMs)
    throw new DataError(`Reading a ${type}: it lies beyond the year 275760, the last that a date can hold.`)
  return new Date(ms)
}

function requireName(schema: Schema, name: string, type: string): void {
  if (schema.name !== name) throw new DataError(`Requested conversion of ${type} object but the schema does not match.`)
}

/** Days since the epoch. */
export function dateToDays(schema: Schema, date: Date): number {
  requireName(schema, LogicalName.date, 'Date')
  const ms = date.getTime()
  if (ms % dayMs !== 0)
    throw new DataError('Kafka Connect Date type should not have any time fields set to non-zero values.')
  return ms / dayMs
}

/** The date of a number of days since the epoch. */
export function dateFromDays(schema: Schema, days: number): Date {
  requireName(schema, LogicalName.date, 'Date')
  return dateAt(days * dayMs, 'Date')
}

/** Milliseconds of the day. */
export function timeToMillis(schema: Schema, date: Date): number {
  requireName(schema, LogicalName.time, 'Time')
  const ms = date.getTime()
  if (!(ms >= 0 && ms <= dayMs))
    throw new DataError('Kafka Connect Time type should not have any date fields set to non-zero values.')
  return ms
}

/** The time of a number of milliseconds of the day, on the day of the epoch. */
export function timeFromMillis(schema: Schema, ms: number): Date {
  requireName(schema, LogicalName.time, 'Time')
  if (!(ms >= 0 && ms <= dayMs))
    throw new DataError('Time values must use number of milliseconds greater than 0 and less than 86400000')
  return new Date(ms)
}

/** Milliseconds since the epoch. */
export function timestampToMillis(schema: Schema, date: Date): number {
  requireName(schema, LogicalName.timestamp, 'Timestamp')
  return date.getTime()
}

/** The timestamp of a number of milliseconds since the epoch, in either form of an INT64. */
export function timestampFromMillis(schema: Schema, ms: number | bigint): Date {
  requireName(schema, LogicalName.timestamp, 'Timestamp')
  return dateAt(Number(ms), 'Timestamp')
}

/** The scale that a Decimal schema states. */
export function decimalScale(schema: Schema): number {
  const scale = schema.parameters?.get('scale')
  if (scale === undefined) throw new DataError('Invalid Decimal schema: scale parameter not found.')
  if (!/^[+-]?\d+$/.test(scale)) throw new DataError('Invalid scale parameter found in Decimal schema: ')
  return Number(scale)
}

/** The unscaled value as bytes; the scale of the value must be that of the schema. */
export function decimalToBytes(schema: Schema, decimal: Decimal): Uint8Array {
  const scale = decimalScale(schema)
  if (decimal.scale !== scale) {
    const found = `Schema has scale ${scale}, value has scale ${decimal.scale}.`
    throw new DataError(`Decimal value has mismatching scale for given Decimal schema. ${found}`)
  }
  return decimal.toBytes()
}

/** The decimal of an unscaled value as bytes, with the scale of the schema. */
export function decimalFromBytes(schema: Schema, bytes: Uint8Array): Decimal {
  return Decimal.fromBytes(bytes, decimalScale(schema))
}
