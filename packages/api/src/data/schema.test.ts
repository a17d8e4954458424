import { readFileSync } from 'node:fs'
import { arbitrarySchema, recordedSchema, type RecordedSchema, recordedValue } from '@sluice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { Decimal } from './decimal.ts'
import { LogicalName } from './logical-name.ts'
import { perSchema } from './per-schema.ts'
import { Schema, schemaText } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'
import { hashSchema, schemaEquals } from './schema-equality.ts'
import { fieldValue, structMaker } from './struct-maker.ts'
import { toJson } from './to-json.ts'
import { validateValue } from './validate-value.ts'
import type { Value } from './value.ts'

interface SeenError {
  readonly message: string
  readonly cause?: { readonly message: string }
}

interface SeenCall {
  readonly call: string
  readonly error?: SeenError
  readonly schema?: RecordedSchema
  readonly result?: unknown
}

interface Seen {
  readonly logicalTypes: readonly RecordedSchema[]
  readonly schemaEquality: readonly { readonly case: string; readonly equal: boolean }[]
  readonly builderAndStruct: readonly SeenCall[]
}

const seen = JSON.parse(readFileSync(new URL('../../testdata/schemas.json', import.meta.url), 'utf8')) as Seen

/** The schema as another copy of this package would make it: equal, and never the same object. */
function foreignCopy(schema: Schema): Schema {
  const fields = schema.fields?.map((field) => ({ ...field, schema: foreignCopy(field.schema) })) ?? null
  return {
    ...(Object.fromEntries(Object.entries(schema)) as unknown as Schema),
    fields,
    keySchema: schema.keySchema === null ? null : foreignCopy(schema.keySchema),
    valueSchema: schema.valueSchema === null ? null : foreignCopy(schema.valueSchema),
    field: (name) => fields?.find((field) => field.name === name),
  }
}

const none = null as unknown as Schema

describe('SchemaBuilder', () => {
  const s = SchemaBuilder.struct()
    .name('S')
    .field('a', Schema.int32)
    .field('b', Schema.optionalString)
    .field('c', SchemaBuilder.int8().defaultValue(7).build())
    .build()

  /** What Connect was called with, as it is written here. Calls that have no counterpart are left out below. */
  const calls: Readonly<Record<string, () => unknown>> = {
    'struct().field("",INT8)': () => SchemaBuilder.struct().field('', Schema.int8),
    'struct().field(null,INT8)': () => SchemaBuilder.struct().field(null as unknown as string, Schema.int8),
    'struct().field(a,null)': () => SchemaBuilder.struct().field('a', none),
    'struct().field(a).field(a)': () => SchemaBuilder.struct().field('a', Schema.int8).field('a', Schema.int8),
    'int32().field(a,INT8)': () => SchemaBuilder.int32().field('a', Schema.int8),
    'int32().name(a).name(b)': () => SchemaBuilder.int32().name('a').name('b'),
    'int32().version(1).version(2)': () => SchemaBuilder.int32().version(1).version(2),
    'int32().doc(a).doc(b)': () => SchemaBuilder.int32().doc('a').doc('b'),
    'int32().optional().optional()': () => SchemaBuilder.int32().optional().optional().build(),
    'int32().optional().required()': () => SchemaBuilder.int32().optional().required(),
    'int32().defaultValue(1).defaultValue(2)': () => SchemaBuilder.int32().defaultValue(1).defaultValue(2),
    'int32().defaultValue("x")': () => SchemaBuilder.int32().defaultValue('x'),
    'int32().defaultValue(null)': () => SchemaBuilder.int32().defaultValue(null),
    'int32().optional().defaultValue(null)': () => SchemaBuilder.int32().optional().defaultValue(null).build(),
    'int32().parameter(k,v).parameter(k,w)': () =>
      SchemaBuilder.int32().parameter('k', 'v').parameter('k', 'w').build(),
    'int32().parameters({})': () => SchemaBuilder.int32().parameters({}).build(),
    'array(null)': () => SchemaBuilder.array(none),
    'map(null,INT8)': () => SchemaBuilder.map(none, Schema.int8),
    'map(INT8,null)': () => SchemaBuilder.map(Schema.int8, none),
    'new Struct(INT32)': () => structMaker(Schema.int32),
    'S.get(zz)': () => fieldValue(s, structMaker(s).from({ a: 1 }), 'zz'),
    'S.put(zz,1)': () => structMaker(s).from({ a: 1, zz: 1 }),
    'S.put(a,"x")': () => validateValue(s, structMaker(s).from({ a: 'x' })),
    'S.get(c) unset': () => fieldValue(s, structMaker(s).from({ a: 1 }), 'c'),
    'S.getWithoutDefault(c) unset': () => structMaker(s).from({ a: 1 })['c'],
    'S.validate() a unset': () => validateValue(s, structMaker(s).from({})),
    'Schema toString INT32': () => schemaText(Schema.int32),
    'Schema toString named': () => schemaText(s),
  }

  /** Calls of Java's API that ours does not have, or answers otherwise by design. */
  const withoutCounterpart = new Set([
    'int32().parameter(k,null)', // a parameter is text
    'INT32.fields()', // null where Java throws
    'INT32.keySchema()',
    'INT32.valueSchema()',
    'INT32.field(a)',
    'S.put(a,null)', // structs are made whole: see 'S.validate() a unset'
    'S.put(b,null)',
    'S.put(c,null)',
    'S.getInt8(c) unset', // no typed getters
    'S.getInt32(b)',
    'S.getString(a)',
    'S(a=1).validate()', // data/validate-value.test.ts
    'S(a=1).toString()', // data/java-text.test.ts
  ])

  test.each(seen.builderAndStruct.filter(({ call }) => !withoutCounterpart.has(call)))('$call', (seenCall) => {
    const call = calls[seenCall.call]!
    if (seenCall.error === undefined) {
      const result = call()
      if (seenCall.schema === undefined) expect(result).toEqual(recordedValueOrText(seenCall.result))
      else expect(result).toBe(recordedSchema(seenCall.schema))
      return
    }
    try {
      call()
    } catch (error) {
      expect(isDataError(error)).toBe(true)
      const { message, cause } = error as Error
      expect(message).toBe(seenCall.error.message)
      if (seenCall.error.cause !== undefined) expect((cause as Error).message).toBe(seenCall.error.cause.message)
      return
    }
    expect.unreachable()
  })

  function recordedValueOrText(result: unknown): Value {
    return recordedValue(result, null)
  }

  test('every call of the table is tried or named as having no counterpart', () => {
    const named = [...Object.keys(calls), ...withoutCounterpart].toSorted()
    expect(seen.builderAndStruct.map(({ call }) => call).toSorted()).toEqual(named)
  })

  test('what was built does not change when the builder is used further', () => {
    const builder = SchemaBuilder.struct().field('a', Schema.int8).parameter('k', 'v')
    const first = builder.build()
    builder.field('b', Schema.int8).parameter('k', 'w').name('n')
    expect(first.fields).toHaveLength(1)
    expect(first.parameters?.get('k')).toBe('v')
    expect(first.name).toBeNull()
  })

  test('keeps a default in canonical form', () => {
    expect(SchemaBuilder.int64().defaultValue(5n).build().defaultValue).toBe(5)
    expect(
      SchemaBuilder.int64()
        .defaultValue(2n ** 60n)
        .build().defaultValue,
    ).toBe(2n ** 60n)
  })

  test('refuses a schema that is nested deeper than values can be walked', () => {
    let schema = Schema.int8
    expect(() => {
      for (let depth = 0; depth < 5000; depth++) schema = SchemaBuilder.array(schema).build()
    }).toThrow('nested deeper than 1000')
  })
})

describe('Schema', () => {
  test("the constants are Connect's, logical types included", () => {
    const constants = [Schema.decimal(2), Schema.date, Schema.time, Schema.timestamp]
    expect(constants).toEqual(seen.logicalTypes.map((recorded) => recordedSchema(recorded)))
    expect(Schema.optionalTimestamp).toMatchObject({
      type: 'INT64',
      optional: true,
      name: LogicalName.timestamp,
      version: 1,
    })
    expect(Schema.optionalDecimal(3).parameters?.get('scale')).toBe('3')
  })

  test('cannot be changed', () => {
    const schema = SchemaBuilder.struct().field('a', Schema.int8).build()
    expect(() => Object.assign(schema, { name: 'other' })).toThrow(TypeError)
    expect(() => (schema.fields as unknown[]).push(null)).toThrow(TypeError)
    expect(() => Object.assign(schema.fields![0]!, { index: 1 })).toThrow(TypeError)
  })

  test('finds a field by name among few and among many, hostile names too', () => {
    for (const count of [3, 1000]) {
      const builder = SchemaBuilder.struct().field('__proto__', Schema.int8)
      for (let i = 0; i < count; i++) builder.field(String(i), Schema.int8)
      const schema = builder.build()
      expect(schema.field('__proto__')?.index).toBe(0)
      expect(schema.field(String(count - 1))?.index).toBe(count)
      for (const absent of ['constructor', 'toString', '', String(count)]) expect(schema.field(absent)).toBeUndefined()
    }
    expect(Schema.int8.field('a')).toBeUndefined()
  })
})

describe('schemaEquals', () => {
  const struct = (...fields: readonly (readonly [string, Schema])[]): Schema => {
    const builder = SchemaBuilder.struct()
    for (const [name, schema] of fields) builder.field(name, schema)
    return builder.build()
  }
  const bytes = (value: Uint8Array): Schema => SchemaBuilder.bytes().defaultValue(value).build()
  const float = (value: number): Schema => SchemaBuilder.float64().defaultValue(value).build()

  const pairs: Readonly<Record<string, readonly [Schema, Schema]>> = {
    same: [Schema.int32, foreignCopy(Schema.int32)],
    'optional differs': [Schema.int32, Schema.optionalInt32],
    'type differs': [Schema.int32, Schema.int64],
    'name differs': [SchemaBuilder.int32().name('a').build(), SchemaBuilder.int32().name('b').build()],
    'version differs': [SchemaBuilder.int32().version(1).build(), SchemaBuilder.int32().version(2).build()],
    'doc differs': [SchemaBuilder.int32().doc('a').build(), SchemaBuilder.int32().doc('b').build()],
    'parameters differ': [
      SchemaBuilder.int32().parameter('k', 'a').build(),
      SchemaBuilder.int32().parameter('k', 'b').build(),
    ],
    'parameter order differs': [
      SchemaBuilder.int32().parameter('a', '1').parameter('b', '2').build(),
      SchemaBuilder.int32().parameter('b', '2').parameter('a', '1').build(),
    ],
    'default differs': [SchemaBuilder.int32().defaultValue(1).build(), SchemaBuilder.int32().defaultValue(2).build()],
    'default equal': [
      SchemaBuilder.int32().defaultValue(1).build(),
      foreignCopy(SchemaBuilder.int32().defaultValue(1).build()),
    ],
    'bytes default equal content (byte[])': [bytes(Uint8Array.of(1)), foreignCopy(bytes(Uint8Array.of(1)))],
    'field order differs': [
      struct(['a', Schema.int8], ['b', Schema.int8]),
      struct(['b', Schema.int8], ['a', Schema.int8]),
    ],
    'field schema optional differs': [struct(['a', Schema.int8]), struct(['a', Schema.optionalInt8])],
    'array element differs': [SchemaBuilder.array(Schema.int8).build(), SchemaBuilder.array(Schema.int16).build()],
    'map key differs': [
      SchemaBuilder.map(Schema.int8, Schema.int8).build(),
      SchemaBuilder.map(Schema.int16, Schema.int8).build(),
    ],
    'float default NaN vs NaN': [float(Number.NaN), foreignCopy(float(Number.NaN))],
    'float default 0.0 vs -0.0': [float(0), float(-0)],
    'decimal scale differs': [Schema.decimal(1), Schema.decimal(2)],
    'decimal default 1.0 vs 1.00 not possible, same scale equal': [
      SchemaBuilder.decimal(1).defaultValue(new Decimal(10n, 1)).build(),
      foreignCopy(SchemaBuilder.decimal(1).defaultValue(new Decimal(10n, 1)).build()),
    ],
  }
  // One form of bytes here, and a builder is no schema.
  const withoutCounterpart = new Set(['bytes default byte[] vs ByteBuffer', 'builder vs built'])

  test.each(seen.schemaEquality.filter((row) => !withoutCounterpart.has(row.case)))('$case: $equal', (row) => {
    const [a, b] = pairs[row.case]!
    expect(schemaEquals(a, b)).toBe(row.equal)
    expect(schemaEquals(b, a)).toBe(row.equal)
    if (row.equal) expect(hashSchema(a)).toBe(hashSchema(b))
  })

  test('null equals null alone', () => {
    expect(schemaEquals(null, null)).toBe(true)
    expect(schemaEquals(null, Schema.int8)).toBe(false)
  })

  test('holds between copies, whatever the schema', () => {
    fc.assert(
      fc.property(arbitrarySchema(), arbitrarySchema({ depth: 1 }), (schema, other) => {
        const copy = foreignCopy(schema)
        expect(copy).not.toBe(schema)
        expect(schemaEquals(schema, copy)).toBe(true)
        expect(hashSchema(copy)).toBe(hashSchema(schema))
        expect(schemaEquals(schema, other)).toBe(schema === other)
      }),
      { seed: 4301, numRuns: 300 },
    )
  })
})

describe('interning', () => {
  test('equal schemas are the same object, however they were built', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [first] = fc.sample(arbitrarySchema(), { seed, numRuns: 1 })
        const [second] = fc.sample(arbitrarySchema(), { seed, numRuns: 1 })
        expect(second).toBe(first)
      }),
      { seed: 4301, numRuns: 100 },
    )
    expect(SchemaBuilder.string().build()).toBe(Schema.string)
    expect(SchemaBuilder.timestamp().build()).toBe(Schema.timestamp)
    expect(Schema.decimal(2)).toBe(SchemaBuilder.decimal(2).build())
  })
})

describe('perSchema', () => {
  test('compiles once per schema', () => {
    const seenSchemas: Schema[] = []
    const compiled = perSchema((schema) => {
      seenSchemas.push(schema)
      return { schema }
    })
    expect(compiled(Schema.int8)).toBe(compiled(SchemaBuilder.int8().build()))
    expect(compiled(Schema.int16)).not.toBe(compiled(Schema.int8))
    expect(seenSchemas).toEqual([Schema.int8, Schema.int16])
  })

  test('serves schemas of another copy of this package, in the data model too', () => {
    const schema = SchemaBuilder.struct().field('a', Schema.optionalString).build()
    const foreign = foreignCopy(schema)
    const struct = structMaker(foreign).from({ a: 'x' })
    expect(structMaker(foreign)).toBe(structMaker(foreign))
    expect(validateValue(foreign, struct)).toBe(struct)
    expect(toJson(struct, foreign)).toBe('{"a":"x"}')
  })
})
