import { arbitraryFieldName, hostileNames } from '@sluice/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { Schema } from './schema.ts'
import { SchemaBuilder } from './schema-builder.ts'
import { fieldValue, structMaker } from './struct-maker.ts'
import { assembleStruct, structShape } from './struct-shape.ts'
import type { Value } from './value.ts'

function schemaOf(names: readonly string[], schema: Schema = Schema.optionalInt64): Schema {
  const builder = SchemaBuilder.struct()
  for (const name of names) builder.field(name, schema)
  return builder.build()
}

describe('structMaker', () => {
  test('makes one own property per field, whatever the names', () => {
    fc.assert(
      fc.property(fc.uniqueArray(arbitraryFieldName, { maxLength: 30 }), (names) => {
        const values = names.map((_, index) => index)
        const maker = structMaker(schemaOf(names))
        const struct = maker.fromValues(values)
        expect(Object.getPrototypeOf(struct)).toBe(Object.prototype)
        expect(Object.keys(struct)).toEqual(Object.keys(assembleStruct(names, values)))
        names.forEach((name, index) => {
          expect(Object.getOwnPropertyDescriptor(struct, name)).toEqual({
            value: index,
            writable: true,
            enumerable: true,
            configurable: true,
          })
        })
        expect(Object.entries(maker.from(struct))).toEqual(Object.entries(struct))
      }),
      { seed: 4301, numRuns: 300 },
    )
  })

  test('a thousand hostile names are a thousand fields', () => {
    const names = Array.from({ length: 1000 }, (_, i) => `${hostileNames[i % hostileNames.length]!}\u2029"${i}`)
    const struct = structMaker(schemaOf(names)).fromValues(names.map((_, index) => index))
    expect(Object.keys(struct)).toEqual(names)
    expect(Object.values(struct)).toEqual(names.map((_, index) => index))
  })

  test('a name runs no code', () => {
    const name = '"});globalThis.broken=1;({"'
    const struct = structMaker(schemaOf([name])).from({ [name]: 1 })
    expect(struct[name]).toBe(1)
    expect('broken' in globalThis).toBe(false)
  })

  test('what is missing or undefined is null, also where every object has such a name', () => {
    const names = ['a', 'constructor', '__proto__', 'toString', 'b']
    const struct = structMaker(schemaOf(names)).from({ a: undefined, b: 2 })
    for (const name of names) {
      expect(Object.hasOwn(struct, name)).toBe(true)
      expect(fieldValue(schemaOf(names), struct, name)).toBe(name === 'b' ? 2 : null)
    }
  })

  test('takes rows of a class, whose getters and methods are no fields', () => {
    class Row {
      readonly id = 1
      get name(): string {
        return 'n'
      }
      save(): void {}
    }
    const struct = structMaker(schemaOf(['id', 'name'])).from(new Row() as unknown as Record<string, Value>)
    expect(struct).toEqual({ id: 1, name: 'n' })
  })

  test('a property outside the schema is a DataError, in whatever place', () => {
    const maker = structMaker(schemaOf(['a', 'b', '1']))
    for (const source of [{ z: 1 }, { a: 1, z: 1 }, { b: 1, z: 1, a: 1 }, { 2: 1 }, JSON.parse('{"__proto__":1}')]) {
      const name = Object.keys(source as object).find((key) => !['a', 'b', '1'].includes(key))!
      expect(() => maker.from(source as Record<string, Value>)).toThrow(`${name} is not a valid field name`)
    }
    expect(maker.from({ 1: 1, b: 2 })).toEqual({ 1: 1, a: null, b: 2 })
  })

  test('too few or too many values are a DataError', () => {
    const maker = structMaker(schemaOf(['a', 'b']))
    for (const values of [[], [1], [1, 2, 3]]) {
      expect(() => maker.fromValues(values)).toThrow(`found ${values.length} values for 2 fields`)
    }
  })

  test('is one per schema, and only for structs', () => {
    expect(structMaker(schemaOf(['a']))).toBe(structMaker(schemaOf(['a'])))
    expect(() => structMaker(Schema.string)).toThrow('Not a struct schema: Schema{STRING}')
    expect(structMaker(SchemaBuilder.struct().build()).fromValues([])).toEqual({})
  })

  test('gives the same struct by hand as compiled, when very many schemas pass', () => {
    for (let i = 0; i < 3000; i++) {
      const names = [`only${i}`, '__proto__', '1', 'constructor']
      const schema = schemaOf(names)
      const maker = structMaker(schema)
      const rounds = i % 500 === 0 ? 20 : 1
      for (let round = 0; round < rounds; round++) {
        const struct = maker.fromValues([1, 2, 3, null])
        expect(Object.keys(struct)).toEqual(structShape(schema).order)
        expect(Object.entries(maker.from(struct))).toEqual(Object.entries(struct))
      }
    }
  })
})

describe('fieldValue', () => {
  const schema = schemaOf(['a', 'constructor'], SchemaBuilder.int8().defaultValue(7).build())

  test('applies the default where the value is null or absent; plain access does not', () => {
    const struct = structMaker(schema).from({})
    expect(struct['a']).toBeNull()
    expect(fieldValue(schema, struct, 'a')).toBe(7)
    expect(fieldValue(schema, {}, 'constructor')).toBe(7)
    expect(fieldValue(schema, { a: 0 }, 'a')).toBe(0)
  })

  test('a name that is no field is a DataError', () => {
    for (const name of ['b', 'toString', '__proto__', '']) {
      expect(() => fieldValue(schema, {}, name)).toThrow(expect.toSatisfy(isDataError))
    }
  })
})
