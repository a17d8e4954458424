import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Decimal } from './decimal.ts'
import { Float64 } from './float64.ts'
import { javaDate } from './java-date.ts'
import { javaDouble, javaFloat } from './java-number.ts'
import { javaText } from './java-text.ts'
import { Schema } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'
import { structMaker } from './struct-maker.ts'
import type { Value } from './value.ts'

interface JavaTexts {
  readonly dates: readonly (readonly [number, string])[]
  readonly doubles: readonly (readonly [string, string])[]
  readonly floats: readonly (readonly [string, string])[]
}

const seen = JSON.parse(readFileSync(new URL('../../testdata/java-texts.json', import.meta.url), 'utf8')) as JavaTexts

function fromBits(hex: string): number {
  return new Float64Array(new BigInt64Array([BigInt.asIntN(64, BigInt(`0x${hex}`))]).buffer)[0]!
}

describe('javaDate', () => {
  test('prints what Java prints, by the Julian calendar before 1582', () => {
    for (const [ms, text] of seen.dates) expect(javaDate(new Date(ms))).toBe(text)
  })
})

describe('javaDouble and javaFloat', () => {
  test('print the shortest digits that read back as the same double', () => {
    for (const [bits, text] of seen.doubles) expect(javaDouble(fromBits(bits))).toBe(text)
  })

  test('print the shortest digits that read back as the same float', () => {
    for (const [bits, text] of seen.floats) expect(javaFloat(fromBits(bits))).toBe(text)
  })

  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [-0, '-0.0'],
  ])('print %s by name', (value, text) => {
    expect(javaDouble(value)).toBe(text)
    expect(javaFloat(value)).toBe(text)
  })
})

describe('javaText', () => {
  const point = SchemaBuilder.struct().field('x', Schema.float64).field('y', Schema.optionalFloat32).build()
  const schema = SchemaBuilder.struct()
    .name('S')
    .field('a', Schema.string)
    .field('none', Schema.optionalInt8)
    .field('b', Schema.int32)
    .field('p', point)
    .field('list', SchemaBuilder.array(Schema.optionalFloat32).build())
    .field('map', SchemaBuilder.map(Schema.string, Schema.optionalInt64).build())
    .field('when', Schema.timestamp)
    .field('price', Schema.decimal(2))
    .build()
  const struct = structMaker(schema).from({
    a: 'x',
    b: 1,
    p: structMaker(point).fromValues([10, null]),
    list: [0.10000000149011612, null],
    map: new Map<Value, Value>([
      ['k', 2n ** 62n],
      ['z', null],
    ]),
    when: new Date(1_700_000_000_000),
    price: new Decimal(150n, 2),
  })

  test('prints structs as Java does, without null fields', () => {
    expect(javaText(struct, schema)).toBe(
      'Struct{a=x,b=1,p=Struct{x=10.0},list=[0.1, null],map={k=4611686018427387904, z=null},' +
        'when=Tue Nov 14 22:13:20 UTC 2023,price=1.50}',
    )
  })

  test.each<[Value, string]>([
    [null, 'null'],
    [true, 'true'],
    [10, '10'],
    [new Float64(10), '10.0'],
    [1.5, '1.5'],
    [1e7, '10000000'],
    [new Float64(1e7), '1.0E7'],
    [new Decimal(1n, 9), '1E-9'],
    ['text', 'text'],
    [[1, 'a', null, [2]], '[1, a, null, [2]]'],
    [{ k: 1, z: 'q' }, '{k=1, z=q}'],
    [{}, '{}'],
    [[], '[]'],
    [new Uint8Array([1, 2, 255]), 'AQL/'],
  ])('prints schemaless data: %o', (value, text) => {
    expect(javaText(value)).toBe(text)
  })

  test('takes floats from the schema, where a number does not tell', () => {
    expect(javaText(1, Schema.float64)).toBe('1.0')
    expect(javaText(1e10, Schema.float32)).toBe('1.0E10')
    expect(javaText(1, Schema.int64)).toBe('1')
    expect(javaText(-0, Schema.float32)).toBe('-0.0')
  })

  test('prints only what a struct has itself, whatever the names of its fields', () => {
    const hostile = SchemaBuilder.struct()
      .field('constructor', Schema.optionalString)
      .field('__proto__', Schema.optionalString)
      .build()
    expect(javaText(structMaker(hostile).from({}), hostile)).toBe('Struct{}')
    expect(javaText(structMaker(hostile).fromValues(['a', 'b']), hostile)).toBe('Struct{constructor=a,__proto__=b}')
  })
})
