import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { Decimal } from './decimal.ts'
import {
  dateFromDays,
  dateToDays,
  decimalFromBytes,
  decimalScale,
  decimalToBytes,
  timeFromMillis,
  timestampFromMillis,
  timestampToMillis,
  timeToMillis,
} from './logical-types.ts'
import { Schema } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'

type Result = { readonly error: { readonly message: string } } | Readonly<Record<string, unknown>> | undefined
type Conversion = Readonly<Record<string, unknown>>

const { logicalConversions: seen } = JSON.parse(
  readFileSync(new URL('../../testdata/schemas.json', import.meta.url), 'utf8'),
) as { logicalConversions: readonly Conversion[] }

/** What a call gave, in the form of the table. */
function outcome(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    expect(isDataError(error)).toBe(true)
    return { error: (error as Error).message }
  }
}

function expected(result: unknown): unknown {
  const [[kind, content] = ['', null]] = Object.entries(result as object)
  if (kind === 'error') return { error: (content as { message: string }).message }
  if (kind === 'date') return new Date(content as number)
  if (kind === 'bytes') return content
  if (kind === 'dec') return new Decimal(BigInt((content as [string, number])[0]), (content as [string, number])[1])
  return Number(content)
}

function check(result: Result | unknown, call: () => unknown): void {
  if (result !== undefined) expect(outcome(call)).toEqual(expected(result))
}

describe('the encoded forms of logical types', () => {
  test('dates to numbers, as Connect converts them', () => {
    for (const row of seen.filter((candidate) => 'ms' in candidate)) {
      const date = new Date(row['ms'] as number)
      check(row['Date.fromLogical'], () => dateToDays(Schema.date, date))
      check(row['Time.fromLogical'], () => timeToMillis(Schema.time, date))
      check(row['Timestamp.fromLogical'], () => timestampToMillis(Schema.timestamp, date))
      check(row['Date.fromLogical(INT32 without name)'], () => dateToDays(Schema.int32, date))
    }
  })

  test('numbers to dates, as far as a date can reach', () => {
    for (const row of seen.filter((candidate) => 'int' in candidate)) {
      const value = row['int'] as number
      check(row['Time.toLogical'], () => timeFromMillis(Schema.time, value))
      const { date } = row['Date.toLogical'] as { date: number }
      if (Math.abs(date) <= 8.64e15) check(row['Date.toLogical'], () => dateFromDays(Schema.date, value))
      else expect(() => dateFromDays(Schema.date, value)).toThrow('beyond the year 275760')
    }
    expect(timestampFromMillis(Schema.timestamp, 5n)).toEqual(new Date(5))
    expect(() => timestampFromMillis(Schema.timestamp, 2n ** 62n)).toThrow('beyond the year 275760')
  })

  test('decimals to bytes and back', () => {
    for (const row of seen.filter((candidate) => 'schemaScale' in candidate)) {
      const schema = Schema.decimal(row['schemaScale'] as number)
      check(row['Decimal.fromLogical'], () =>
        Buffer.from(decimalToBytes(schema, Decimal.parse(row['decimal'] as string))).toString('base64'),
      )
      check(row['Decimal.toLogical'], () => decimalFromBytes(schema, Buffer.from(row['bytes'] as string, 'base64')))
    }
  })

  test('a Decimal schema without a scale is refused', () => {
    expect(() => decimalScale(Schema.bytes)).toThrow('Invalid Decimal schema: scale parameter not found.')
    const bad = SchemaBuilder.bytes().parameter('scale', 'two').build()
    expect(() => decimalScale(bad)).toThrow('Invalid scale parameter found in Decimal schema: ')
  })
})
