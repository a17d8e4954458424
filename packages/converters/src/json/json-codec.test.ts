import fc from 'fast-check'
import { equalValues, Float64, schemaEquals, Schema, type SchemaAndValue, SchemaBuilder, type Value } from '@sluice/api'
import { describe, expect, test } from 'vitest'
import { createJsonConverter } from '../json.ts'
import { parseJson } from './parse-json.ts'
import { schemalessNumbers } from './read-value.ts'

const digits = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('0', '0', '9', '9', '1', '5'), minLength: 1, maxLength: max })
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constantFrom('0', '1'), digits(18)),
    fc.option(digits(24)),
    fc.option(fc.integer({ min: -20, max: 30 })),
  )
  .map(([sign, whole, fraction, exponent]) => {
    const integer = whole.replace(/^0+(?=\d)/, '')
    return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`
  })
const stringText = fc.string({ maxLength: 10 }).map((text) => JSON.stringify(text))
const space = fc.constantFrom('', '', '', ' ', '\n\t')
const { document } = fc.letrec<{ document: string; array: string; object: string }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 3 },
    numberText,
    stringText,
    fc.constantFrom('true', 'null'),
    tie('array'),
    tie('object'),
  ),
  array: fc
    .tuple(space, fc.array(tie('document'), { maxLength: 4 }))
    .map(([gap, items]) => `[${gap}${items.join(`,${gap}`)}]`),
  object: fc
    .tuple(space, fc.array(fc.tuple(stringText, tie('document')), { maxLength: 4 }))
    .map(([gap, entries]) => `{${gap}${entries.map(([key, value]) => `${key}${gap}:${value}`).join(',')}${gap}}`),
}))

const read = (converter: ReturnType<typeof createJsonConverter>, text: string): SchemaAndValue =>
  converter.toConnectData('topic', [], Buffer.from(text))

describe('reading quickly', () => {
  test('gives what the exact parser gives, to the kind of every number', () => {
    const converter = createJsonConverter({ schemasEnable: false })
    fc.assert(
      fc.property(document, (text) => {
        let expected: Value
        try {
          expected = parseJson(text, schemalessNumbers) as Value
        } catch {
          expect(() => read(converter, text)).toThrow()
          return
        }
        const { value } = read(converter, text)
        expect(equalValues(value, expected ?? null)).toBe(true)
      }),
      { seed: 1211, numRuns: 3000 },
    )
  })

  const row = SchemaBuilder.struct()
    .field('i', Schema.int64)
    .field('s', Schema.optionalInt32)
    .field('d', Schema.float64)
    .field('m', Schema.decimal(2))
    .build()
  const schemaText = String(
    createJsonConverter().fromConnectData('t', [], SchemaBuilder.struct().optional().build(), null),
  )
  const envelope = (payload: string): string[] => {
    const schema = rowSchemaText
    return [
      `{"schema":${schema},"payload":${payload}}`,
      ` { "schema" : ${schema} ,\n"payload" :\t${payload} } \n`,
      `{"payload":${payload},"schema":${schema}}`,
      `{"schema":${schema},"payload":${payload}} trailing`,
      `{"sch\\u0065ma":${schema},"payload":${payload}}`,
      `{"schema":{"type":"string"},"payload":1,"schema":${schema},"payload":${payload}}`,
    ]
  }
  const rowSchemaText =
    '{"type":"struct","fields":[{"type":"int64","optional":false,"field":"i"},{"type":"int32","optional":true,"field":"s"},{"type":"double","optional":false,"field":"d"},{"type":"bytes","optional":false,"name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2"},"field":"m"}],"optional":false}'

  test('knows an envelope however it is laid out', () => {
    expect(schemaText).toContain('"payload":null')
    fc.assert(
      fc.property(numberText, numberText, numberText, numberText, (i, s, d, m) => {
        const payload = `{"i":${i},"s":${s},"d":${d},"m":${m}}`
        const results = envelope(payload).map((text) => {
          try {
            return read(createJsonConverter(), text)
          } catch (error) {
            return String(error)
          }
        })
        const [first] = results
        for (const result of results) {
          if (typeof first === 'string' || typeof result === 'string') expect(result).toBe(first)
          else {
            expect(schemaEquals(result.schema, row)).toBe(true)
            expect(equalValues(result.value, first!.value)).toBe(true)
          }
        }
      }),
      { seed: 1212, numRuns: 500 },
    )
  })

  test('takes nothing for an envelope that only begins like the one before', () => {
    const converter = createJsonConverter()
    const prefix = '{"schema":{"type":"int32"},"payload":'
    expect(read(converter, `${prefix}1}`)).toEqual({ schema: Schema.int32, value: 1 })
    expect(read(converter, `${prefix}2}`)).toEqual({ schema: Schema.int32, value: 2 })
    expect(() => read(converter, `${prefix}2,"x":3}`)).toThrow(/may not contain additional fields/)
    expect(read(converter, `${prefix}2,"payload":3}`)).toEqual({ schema: Schema.int32, value: 3 })
    expect(read(converter, `${prefix}2,"schema":{"type":"string"},"payload":"x"}`)).toEqual({
      schema: Schema.string,
      value: 'x',
    })
    expect(() => read(converter, `${prefix}2`)).toThrow(/serialization error/)
    expect(() => read(converter, prefix)).toThrow(/serialization error/)
  })

  test('gives one schema object for one schema, whether its bytes were seen or not', () => {
    const converter = createJsonConverter({ schemasCacheSize: 1 })
    const schemas = ['int32', 'int64', 'int32', 'int64'].map(
      (type) => read(converter, `{"schema":{"type":"array","items":{"type":"${type}"}},"payload":[]}`).schema,
    )
    expect(schemas[2]).toBe(schemas[0])
    expect(schemas[3]).toBe(schemas[1])
  })

  test('never rounds an integer, whatever type it goes to', () => {
    const converter = createJsonConverter()
    const payload = (type: string, number: string): Value =>
      read(converter, `{"schema":{"type":"${type}"},"payload":${number}}`).value
    expect(payload('int64', '9007199254740993')).toBe(9007199254740993n)
    expect(payload('int64', '123456789012345e4')).toBe(1234567890123450000n)
    expect(payload('int64', '-9223372036854775808')).toBe(-(2n ** 63n))
    expect(payload('int64', '1e-99999')).toBe(0)
    expect(payload('double', '12345678901234567890')).toBe(1.2345678901234567e19)
    for (const number of ['9223372036854775808', '1e19', '1e99999999', '-123456789012345e5']) {
      expect(() => payload('int64', number)).toThrow(/beyond 64 bits/)
      expect(() => payload('int32', number)).toThrow(/beyond 64 bits/)
    }
  })

  test('refuses a null that leniency put where a struct has a required field', () => {
    const text = '{"schema":{"type":"struct","fields":[{"field":"f","type":"string"}]},"payload":{"f":7}}'
    expect(() => read(createJsonConverter(), text)).toThrow(
      'Invalid value: null used for required field: "f", schema type: STRING',
    )
  })

  test('names a default of a struct as what Apache refuses', () => {
    const text = '{"schema":{"type":"struct","fields":[],"default":{}},"payload":null}'
    expect(() => read(createJsonConverter(), text)).toThrow('Invalid default value')
  })

  test('keeps the order of parameters', () => {
    const converter = createJsonConverter()
    const text = '{"schema":{"type":"string","optional":false,"parameters":{"z":"1","2":"x","1":"y"}},"payload":"p"}'
    const { schema, value } = read(converter, text)
    expect(String(converter.fromConnectData('t', [], schema, value))).toBe(text)
  })
})

describe('writing', () => {
  test('refuses a struct with members that its schema does not have', () => {
    const schema = SchemaBuilder.struct().field('a', Schema.int32).field('b', Schema.optionalInt32).build()
    const converter = createJsonConverter()
    expect(() => converter.fromConnectData('t', [], schema, { a: 1, b: 2, c: 3 })).toThrow('Mismatching schema.')
    expect(() => converter.fromConnectData('t', [], schema, { a: 1, c: 3 })).toThrow('Mismatching schema.')
    expect(String(converter.fromConnectData('t', [], schema, { a: 1 }))).toMatch(/"payload":\{"a":1,"b":null\}/)
  })

  test('writes both forms of an INT64 alike', () => {
    const converter = createJsonConverter()
    expect(converter.fromConnectData('t', [], Schema.int64, 5n)).toEqual(
      converter.fromConnectData('t', [], Schema.int64, 5),
    )
  })

  test('refuses a number that its type does not hold', () => {
    const converter = createJsonConverter({ schemasEnable: false })
    const text = (schema: Schema, value: Value): string => String(converter.fromConnectData('t', [], schema, value))
    expect(text(Schema.float32, 0.1)).toBe('0.1')
    expect(text(Schema.float32, -Infinity)).toBe('"-Infinity"')
    expect(text(Schema.float64, new Float64(10))).toBe('10.0')
    expect(text(Schema.int8, -128)).toBe('-128')
    for (const [schema, value] of [
      [Schema.float32, 1e300],
      [Schema.int8, 128],
      [Schema.int16, 1.5],
      [Schema.int32, 2 ** 31],
      [Schema.int64, 2 ** 53],
      [Schema.int64, 2n ** 63n],
    ] as const) {
      expect(() => text(schema, value)).toThrow(`Invalid type for ${schema.type}: class java.`)
    }
  })
})
