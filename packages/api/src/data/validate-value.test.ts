import { readFileSync } from 'node:fs'
import {
  arbitraryOf,
  arbitrarySchema,
  arbitrarySchemalessValue,
  arbitraryStructSchema,
  arbitraryValue,
  recordedSchema,
  type RecordedSchema,
  recordedValue,
} from '@sluice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { canonicalCheck } from './canonical-check.ts'
import { Decimal } from './decimal.ts'
import { equalValues } from './equal-values.ts'
import { Float64, float64 } from './float64.ts'
import { Schema } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'
import { structMaker } from './struct-maker.ts'
import { validateValue } from './validate-value.ts'
import type { Value } from './value.ts'

interface SeenValidation {
  readonly schema: RecordedSchema
  readonly accepts: readonly unknown[]
  readonly rejects: readonly { readonly value: unknown; readonly message: string }[]
}

const { validateValue: seen } = JSON.parse(
  readFileSync(new URL('../../testdata/schemas.json', import.meta.url), 'utf8'),
) as { validateValue: readonly SeenValidation[] }

function messageOf(schema: Schema | null, value: unknown, location?: string): string {
  try {
    validateValue(schema, value as Value, location)
  } catch (error) {
    expect(isDataError(error)).toBe(true)
    return (error as Error).message
  }
  return 'accepted'
}

/** Java's kinds of numbers. Here a number is a number, which every numeric schema takes when it fits. */
const numericTags: readonly string[] = ['i8', 'i16', 'i32', 'i64', 'f32', 'f64']

function isNumeric(schema: Schema): boolean {
  return /^(INT|FLOAT)/.test(schema.type) && !schema.name?.startsWith('org.apache.kafka')
}

/** Java's class names stand for several kinds there; here one name stands for each kind. */
function ownClassNames(message: string): string {
  return message
    .replace(/java\.util\.(Arrays\$ArrayList|ImmutableCollections\$ListN)/, 'java.util.ArrayList')
    .replace(/java\.util\.ImmutableCollections\$Map[1N]/, 'java.util.HashMap')
    .replace('java.nio.HeapByteBuffer', '[B')
    .replace(/java\.lang\.(Byte|Short|Long)/, 'java.lang.Integer')
    .replace('java.lang.Float', 'java.lang.Double')
}

describe("Connect's table of validateValue", () => {
  const rows = seen.map((row) => ({ ...row, name: JSON.stringify(row.schema).slice(0, 90) }))

  test.each(rows)('accepts what Connect accepts for $name', ({ schema: recorded, accepts }) => {
    const schema = recordedSchema(recorded)!
    for (const accepted of accepts) {
      const value = recordedValue(accepted, schema)
      expect(validateValue(schema, value)).toBe(value)
    }
  })

  test.each(rows)("rejects with Connect's message for $name", ({ schema: recorded, rejects }) => {
    const schema = recordedSchema(recorded)!
    for (const { value: rejected, message } of rejects) {
      const tag = typeof rejected === 'object' && rejected !== null ? Object.keys(rejected)[0]! : ''
      // Classes that Connect has no type for.
      if (tag === 'java' || tag === 'bigint' || (numericTags.includes(tag) && isNumeric(schema))) continue
      // A plain object carries no schema of its own to be compared.
      if (message === 'Struct schemas do not match.') continue
      // Without a schema, as a plugin hands it over that has mistaken the schema. `{}` there is a map.
      const isMap = tag === 'map'
      const pairs = isMap ? (rejected as { map: [unknown, unknown][] }).map : []
      const value = isMap
        ? new Map(pairs.map(([k, v]) => [recordedValue(k, null), recordedValue(v, null)]))
        : recordedValue(
            rejected,
            tag === 'struct' ? recordedSchema((rejected as { schema: RecordedSchema }).schema) : null,
          )
      expect(messageOf(schema, value)).toBe(ownClassNames(message))
    }
  })
})

describe('validateValue', () => {
  test.each<[Schema, unknown, string]>([
    [Schema.int8, 128, 'Invalid Java object for schema with type INT8: class java.lang.Integer for value'],
    [Schema.int16, -32_769, 'Invalid Java object for schema with type INT16: class java.lang.Integer for value'],
    [Schema.int32, 2 ** 31, 'Invalid Java object for schema with type INT32: class java.lang.Long for value'],
    [Schema.int32, 5n, 'Invalid Java object for schema with type INT32: class java.lang.Long for value'],
    [Schema.int32, 1.5, 'Invalid Java object for schema with type INT32: class java.lang.Double for value'],
    [Schema.int32, Number.NaN, 'Invalid Java object for schema with type INT32: class java.lang.Double for value'],
    [Schema.int64, 2n ** 63n, 'Invalid Java object for schema with type INT64: class java.math.BigInteger for value'],
    [Schema.int64, 0.5, 'Invalid Java object for schema with type INT64: class java.lang.Double for value'],
    [Schema.float64, 5n, 'Invalid Java object for schema with type FLOAT64: class java.lang.Long for value'],
    [Schema.float32, 1e300, 'Invalid Java object for schema with type FLOAT32: class java.lang.Double for value'],
    [Schema.string, 5, 'Invalid Java object for schema with type STRING: class java.lang.Integer for value'],
    [Schema.bytes, new ArrayBuffer(1), 'Invalid Java object for schema with type BYTES: class ArrayBuffer for value'],
    [
      Schema.timestamp,
      5,
      'Invalid Java object for schema "org.apache.kafka.connect.data.Timestamp" with type INT64: class java.lang.Integer for value',
    ],
    [
      Schema.date,
      new Date(Number.NaN),
      'Invalid Java object for schema "org.apache.kafka.connect.data.Date" with type INT32: class java.util.Date for value; it is no valid date',
    ],
    [
      Schema.int64,
      2 ** 60,
      'Invalid Java object for schema with type INT64: class java.lang.Double for value; an INT64 beyond 2^53 must be a bigint',
    ],
    [Schema.string, undefined, 'Invalid value: undefined used for value, schema type: STRING'],
    [Schema.optionalString, undefined, 'Invalid value: undefined used for value, schema type: STRING'],
    [Schema.string, Symbol('x'), 'Invalid Java object for schema with type STRING: class symbol for value'],
    [SchemaBuilder.ofType('ARRAY').build(), [1], 'No schema defined for element of array value'],
    [SchemaBuilder.ofType('MAP').build(), new Map(), 'No schema defined for key of map value'],
  ])('refuses what Java could not hold: %o', (schema, value, message) => {
    expect(messageOf(schema, value)).toBe(message)
  })

  test('names the place in which the value stands', () => {
    const element = SchemaBuilder.array(SchemaBuilder.array(Schema.int8).build()).build()
    expect(messageOf(element, [[1], ['x']], 'field: "list"')).toBe(
      'Invalid Java object for schema with type INT8: class java.lang.String for element of array element of array field: "list"',
    )
    const map = SchemaBuilder.map(Schema.string, Schema.int8).build()
    expect(messageOf(map, new Map([['k', null]]))).toBe(
      'Invalid value: null used for required value of map value, schema type: INT8',
    )
    const inner = SchemaBuilder.struct().field('deep', Schema.int8).build()
    const outer = SchemaBuilder.array(inner).build()
    expect(messageOf(outer, [{ deep: 'x' }])).toBe(
      'Invalid Java object for schema with type INT8: class java.lang.String for field: "deep"',
    )
  })

  describe('brings values to their canonical form', () => {
    test.each<[Schema, Value, Value]>([
      [Schema.int64, 5n, 5],
      [Schema.int64, 2n ** 53n, 2n ** 53n],
      [Schema.int64, BigInt(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
      [Schema.int32, -0, 0],
      [Schema.int64, -0, 0],
      [Schema.float64, -0, -0],
      [Schema.float32, 0.1, Math.fround(0.1)],
      [Schema.float64, new Float64(10), 10],
    ])('%o', (schema, value, canonical) => {
      expect(Object.is(validateValue(schema, value), canonical)).toBe(true)
      const list = SchemaBuilder.array(schema).build()
      expect(validateValue(list, [canonical, value, canonical])).toEqual([canonical, canonical, canonical])
      const map = SchemaBuilder.map(schema, schema).build()
      expect(validateValue(map, new Map([[value, value]]))).toEqual(new Map([[canonical, canonical]]))
      const struct = SchemaBuilder.struct().field('f', schema).build()
      expect(validateValue(struct, { f: value })).toEqual({ f: canonical })
    })

    test('changes nothing in what it was given', () => {
      const schema = SchemaBuilder.array(Schema.int64).build()
      const given = Object.freeze([1, 2n, 3])
      expect(validateValue(schema, given)).toEqual([1, 2, 3])
      expect(given).toEqual([1, 2n, 3])
    })

    test('two keys that become one are refused rather than one of them dropped', () => {
      const schema = SchemaBuilder.map(Schema.int64, Schema.string).build()
      const both = new Map<Value, Value>([
        [5, 'a'],
        [5n, 'b'],
      ])
      expect(messageOf(schema, both)).toBe('Invalid map: two of its keys are the same key for value')
    })
  })

  describe('of structs', () => {
    const schema = SchemaBuilder.struct()
      .field('a', Schema.int32)
      .field('constructor', Schema.optionalString)
      .field('7', Schema.optionalInt8)
      .field('c', SchemaBuilder.int8().defaultValue(7).build())
      .build()

    test('fills absent fields with null, in the shape of the maker', () => {
      const canonical = validateValue(schema, { a: 1 })
      expect(canonical).toEqual({ a: 1, ['constructor']: null, 7: null, c: null })
      expect(Object.keys(canonical as object)).toEqual(Object.keys(structMaker(schema).from({ a: 1 })))
    })

    test('puts properties into the order of the shape', () => {
      const maker = structMaker(schema)
      const canonical = validateValue(schema, { c: 1, constructor: 'x', a: 2, 7: 3 } as unknown as Value)
      expect(Object.keys(canonical as object)).toEqual(Object.keys(maker.from({})))
      expect(validateValue(schema, canonical)).toBe(canonical)
    })

    test('refuses undefined, unknown properties and inherited ones', () => {
      expect(messageOf(schema, { a: undefined })).toBe(
        'Invalid value: undefined used for field: "a", schema type: INT32',
      )
      expect(messageOf(schema, { a: 1, constructor: undefined })).toContain('undefined used for field: "constructor"')
      expect(messageOf(schema, { a: 1, zz: 1 })).toBe('zz is not a valid field name')
      expect(messageOf(schema, JSON.parse('{"a":1,"__proto__":1}'))).toBe('__proto__ is not a valid field name')
      expect(messageOf(schema, Object.create({ a: 1 }))).toContain('Invalid Java object')
    })

    test('refuses objects of a class, which know more than their properties', () => {
      class Row {
        readonly a = 1
      }
      expect(messageOf(schema, new Row())).toBe('Invalid Java object for schema with type STRUCT: class Row for value')
      for (const value of [[], new Map(), new Date(0), new Uint8Array(), new Decimal(1n, 0), new Float64(1)]) {
        expect(messageOf(schema, value)).toContain('Invalid Java object for schema with type STRUCT')
      }
    })

    test('takes objects without a prototype, and gives them one', () => {
      const bare = Object.assign(Object.create(null) as object, { a: 1 })
      expect(Object.getPrototypeOf(validateValue(schema, bare as Value))).toBe(Object.prototype)
    })

    test('refuses what a hole in an array stands for', () => {
      const list = SchemaBuilder.array(Schema.optionalInt8).build()
      // oxlint-disable-next-line no-sparse-arrays -- a sparse array is the case
      expect(messageOf(list, [1, , 2])).toContain('undefined used for element of array value')
    })

    test('holds for a thousand fields with names of every kind', () => {
      const builder = SchemaBuilder.struct()
      for (let i = 0; i < 1000; i++) builder.field(`"f\n${i}'\\`, Schema.optionalInt64)
      const wide = builder.build()
      const struct = structMaker(wide).fromValues(Array.from({ length: 1000 }, (_, i) => i))
      expect(validateValue(wide, struct)).toBe(struct)
      const mixed = structMaker(wide).fromValues(Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? i : BigInt(i))))
      expect(validateValue(wide, mixed)).toEqual(struct)
    })
  })

  describe('without a schema', () => {
    test('takes schemaless data, in canonical form', () => {
      const value = { a: [1, 'x', null, true, 1.5, float64(10)], b: { c: 2n ** 60n } }
      expect(validateValue(null, value)).toBe(value)
      expect(validateValue(null, { a: [5n], b: new Float64(1.5) })).toEqual({ a: [5], b: 1.5 })
      expect(validateValue(null, JSON.parse('{"__proto__":[1]}') as Value)).toEqual(JSON.parse('{"__proto__":[1]}'))
      const changed = validateValue(null, Object.fromEntries([['__proto__', 5n]])) as object
      expect(Object.entries(changed)).toEqual([['__proto__', 5]])
    })

    test('refuses undefined and what is no value, and says where', () => {
      expect(messageOf(null, { a: [undefined] })).toBe(
        'Invalid value: undefined used for element of array value of map value',
      )
      expect(messageOf(null, () => 1)).toBe('Invalid value: class function used for value')
      expect(messageOf(null, new Set())).toBe('Invalid value: class Set used for value')
    })

    test('refuses what is nested too deep instead of running out of stack', () => {
      let value: Value = 1
      for (let depth = 0; depth < 100_000; depth++) value = [value]
      expect(messageOf(null, value)).toContain('nested deeper than 1000 levels')
    })
  })
})

describe('for every schema', () => {
  test('the value generated for it is valid and canonical: the same object comes back', () => {
    fc.assert(
      fc.property(arbitraryOf(arbitrarySchema()), ([schema, value]) => {
        expect(validateValue(schema, value)).toBe(value)
      }),
      { seed: 4301, numRuns: 300 },
    )
  })

  test('both forms of INT64 give the same canonical value, which stays as it is', () => {
    fc.assert(
      fc.property(arbitraryOf(arbitrarySchema(), { mixedForms: true }), ([schema, value]) => {
        const canonical = validateValue(schema, value)
        expect(equalValues(canonical, value)).toBe(true)
        expect(validateValue(schema, canonical)).toBe(canonical)
      }),
      { seed: 4302, numRuns: 300 },
    )
  })

  test('the compiled check never takes what the walk refuses or would change', () => {
    const anything = fc.oneof(
      arbitrarySchemalessValue({ mixedForms: true }),
      arbitrarySchema({ depth: 2 }).chain((schema) => arbitraryValue(schema, { mixedForms: true })),
    )
    let taken = 0
    fc.assert(
      fc.property(arbitrarySchema({ depth: 1 }), anything, (schema, value) => {
        if (!canonicalCheck(schema)(value)) return
        taken++
        // Inside a list of a fresh kind the walk is not short-cut for the value itself.
        const wrapped = SchemaBuilder.struct().field('value', schema).field('other', Schema.int64).build()
        const walked = validateValue(wrapped, { value, other: 1n }) as Readonly<Record<string, Value>>
        expect(Object.is(walked['value'], value)).toBe(true)
      }),
      { seed: 4303, numRuns: 2000 },
    )
    expect(taken).toBeGreaterThan(50)
  })

  test('properties in any order, with some left out, give what the maker gives', () => {
    const cases = arbitraryOf(arbitraryStructSchema()).filter(([, value]) => value !== null)
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat(100)), ([schema, value], order) => {
        const entries = Object.entries(value as object).map((entry) => [order.next().value ?? 0, entry] as const)
        const shuffled = entries.toSorted((a, b) => a[0] - b[0]).map(([, entry]) => entry)
        const present = shuffled.filter(([, of]) => of !== null)
        const canonical = validateValue(schema, Object.fromEntries(present) as Value)
        expect(equalValues(canonical, value)).toBe(true)
        expect(Object.keys(canonical as object)).toEqual(Object.keys(value as object))
      }),
      { seed: 4304, numRuns: 200 },
    )
  })
})
