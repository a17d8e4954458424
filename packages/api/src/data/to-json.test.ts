import { arbitraryOf, arbitrarySchema, arbitrarySchemalessValue, hostileNames } from '@sluice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decimal } from './decimal.ts'
import { Float64 } from './float64.ts'
import { Schema } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'
import { structMaker } from './struct-maker.ts'
import { toJson } from './to-json.ts'
import type { Value } from './value.ts'

describe('toJson', () => {
  test.each<[Value, Schema | null, string]>([
    [null, null, 'null'],
    [5, null, '5'],
    [5n, null, '5'],
    [2n ** 63n - 1n, null, '9223372036854775807'],
    [-(2n ** 63n), Schema.int64, '-9223372036854775808'],
    [new Float64(10), null, '10.0'],
    [10, Schema.float64, '10.0'],
    [10, Schema.int32, '10'],
    [1.5, null, '1.5'],
    [1e300, null, '1.0E300'],
    [0.10000000149011612, Schema.float32, '0.1'],
    [-0, Schema.float64, '-0.0'],
    [Number.NaN, null, '"NaN"'],
    [Number.NEGATIVE_INFINITY, Schema.float32, '"-Infinity"'],
    [new Decimal(12345678901234567890123n, 2), null, '123456789012345678901.23'],
    [new Decimal(1n, -3), null, '1E+3'],
    ['é"\\\n\u2028', null, '"é\\"\\\\\\n\u2028"'],
    ['\ud800', null, '"\\ud800"'],
    [Uint8Array.of(1, 2, 255), null, '"AQL/"'],
    [new Uint8Array(), null, '""'],
    [Uint8Array.of(1), null, '"AQ=="'],
    [new Date(1_700_000_000_123), null, '"2023-11-14T22:13:20.123Z"'],
    [new Date(1_700_000_000_123), Schema.timestamp, '"2023-11-14T22:13:20.123Z"'],
    [new Date(86_400_000), Schema.date, '"1970-01-02"'],
    [new Date(3_600_000), Schema.time, '"01:00:00.000Z"'],
    [[], null, '[]'],
    [{}, null, '{}'],
    [new Map(), null, '{}'],
    [new Map(), SchemaBuilder.map(Schema.int8, Schema.int8).build(), '[]'],
    [new Map([['k', 1]]), null, '{"k":1}'],
    [new Map([[1, 2n ** 60n]]), null, '[[1,1152921504606846976]]'],
    [
      new Map([[1.5, [1]]]),
      SchemaBuilder.map(Schema.float64, SchemaBuilder.array(Schema.float64).build()).build(),
      '[[1.5,[1.0]]]',
    ],
    [
      new Map<Value, Value>([
        [1, 2],
        [3, null],
      ]),
      null,
      '[[1,2],[3,null]]',
    ],
    [[[1, [null]], { a: [true, {}] }], null, '[[1,[null]],{"a":[true,{}]}]'],
  ])('writes %o', (value, schema, json) => {
    expect(toJson(value, schema)).toBe(json)
  })

  test('writes fields in the order of the schema, null where absent, whatever their names', () => {
    const builder = SchemaBuilder.struct()
    for (const name of hostileNames) builder.field(name, Schema.optionalInt64)
    const schema = builder.build()
    const empty = hostileNames.map((name) => `${JSON.stringify(name)}:null`).join(',')
    expect(toJson({}, schema)).toBe(`{${empty}}`)
    const full = structMaker(schema).fromValues(hostileNames.map((_, index) => index))
    const pairs = hostileNames.map((name, index) => `${JSON.stringify(name)}:${index}`).join(',')
    expect(toJson(full, schema)).toBe(`{${pairs}}`)
  })

  test('writes what is nested a hundred thousand levels deep', () => {
    let value: Value = 1
    for (let depth = 0; depth < 50_000; depth++) value = [{ a: value }]
    expect(toJson(value)).toBe(`${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`)
  })

  test('refuses what is no value', () => {
    expect(() => toJson({ a: () => 1 } as unknown as Value)).toThrow('something that is no value')
    expect(() => toJson(new Date(Number.NaN))).toThrow('no valid date')
  })

  test('is JSON, from which no integer comes back rounded', () => {
    fc.assert(
      fc.property(arbitrarySchemalessValue({ mixedForms: true }), (value) => {
        expect(readBack(toJson(value))).toEqual(asRead(value))
      }),
      { seed: 4301, numRuns: 500 },
    )
  })

  test('is JSON for every value of every schema', () => {
    fc.assert(
      fc.property(arbitraryOf(arbitrarySchema(), { mixedForms: true }), ([schema, value]) => {
        expect(() => JSON.parse(toJson(value, schema))).not.toThrow()
        expect(() => JSON.parse(toJson(value))).not.toThrow()
      }),
      { seed: 4302, numRuns: 500 },
    )
  })
})

/** Reads numbers by their source: what has a point or an exponent is a float. */
function readBack(json: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined) return value
    return /[.E]/.test(context.source) ? { float: value } : BigInt(context.source)
  }
  return JSON.parse(json, reviver as (key: string, value: unknown) => unknown)
}

function asRead(value: Value): unknown {
  if (value instanceof Float64) return { float: value.value }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value)
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : { float: value }
  }
  if (Array.isArray(value)) return (value as readonly Value[]).map(asRead)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, asRead(of as Value)]))
}
