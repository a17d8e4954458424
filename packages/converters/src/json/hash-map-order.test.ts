import { readFileSync } from 'node:fs'
import { Decimal, Float64, Schema, type SchemaType, SchemaBuilder, type Value } from '@sluice/api'
import { describe, expect, test } from 'vitest'
import { createJsonConverter } from '../json.ts'
import { createHashMapOrder, inHashMapOrder, textMap } from './hash-map-order.ts'

/** Written by testdata/JavaMapOrders.java. */
interface Case {
  readonly type: SchemaType | 'Timestamp' | 'Decimal'
  readonly put: readonly string[]
  readonly iterated: readonly string[]
}

const file = new URL('../../testdata/java-map-orders.json', import.meta.url)
const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly Case[]

function keyOf(text: string, type: Case['type']): Value {
  switch (type) {
    case 'STRING':
      return text
    case 'BOOLEAN':
      return text === 'true'
    case 'INT64':
      return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)
    case 'Timestamp':
      return new Date(Number(text))
    case 'Decimal':
      return Decimal.parse(text)
    case 'FLOAT32':
      return Math.fround(Number(text))
    default:
      return Number(text)
  }
}

function schemaOf(type: Case['type']): Schema {
  if (type === 'Timestamp') return Schema.timestamp
  return type === 'Decimal' ? Schema.decimal(2) : SchemaBuilder.ofType(type).build()
}

test('a map with a schema iterates as a Java HashMap does', () => {
  expect(cases.length).toBe(400)
  for (const { type, put, iterated } of cases) {
    const schema = schemaOf(type)
    const keys = put.map((text) => keyOf(text, type))
    const map =
      type === 'STRING'
        ? textMap(put.map((key) => [key, 1]))
        : inHashMapOrder(new Map(keys.map((key) => [key, 1])), schema)
    expect([...map.keys()], `${type} ${put.join()}`).toEqual(iterated.map((text) => keyOf(text, type)))
  }
})

const keysDeep = (value: Value): unknown =>
  Array.isArray(value)
    ? (value as Value[]).map(keysDeep)
    : typeof value === 'object' && value !== null && !(value instanceof Float64)
      ? Object.entries(value).map(([key, item]) => [key, keysDeep(item as Value)])
      : value

describe('schemaless objects', () => {
  test('list their keys as a Java HashMap does, at every depth', () => {
    const order = createHashMapOrder()
    const make = (): Value => ({ zeta: 1, alpha: [{ b: 1, a: { d: new Float64(1), c: null } }], id: 2, __proto: 3 })
    for (let round = 0; round < 2; round++) {
      expect(keysDeep(order(make()))).toEqual([
        ['zeta', 1],
        ['__proto', 3],
        [
          'alpha',
          [
            [
              [
                'a',
                [
                  ['c', null],
                  ['d', new Float64(1)],
                ],
              ],
              ['b', 1],
            ],
          ],
        ],
        ['id', 2],
      ])
    }
  })

  test('keep hostile names as properties of their own', () => {
    const order = createHashMapOrder()
    const text = '{"toString":1,"__proto__":{"z":1,"a":2},"constructor":[]}'
    const result = order(JSON.parse(text) as Value) as object
    expect(Object.keys(result).toSorted()).toEqual(['__proto__', 'constructor', 'toString'])
    expect(Object.keys(Object.getOwnPropertyDescriptor(result, '__proto__')!.value as object)).toEqual(['a', 'z'])
  })

  test('recognise many lists of keys, and forget', () => {
    const order = createHashMapOrder()
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 20; n++) {
        expect(Object.keys(order({ [`z${n}`]: 1, [`a${n}`]: 2, id: 3 }) as object)).toEqual(
          Object.keys(createHashMapOrder()({ [`z${n}`]: 1, [`a${n}`]: 2, id: 3 }) as object),
        )
      }
    }
  })

  test.each(['{"b":1,"a":2}', '{"b":1,"a":2.0}', '{"b":1,"a":2} x'])(
    'are read so whichever way %s is parsed',
    (document) => {
      const plain = createJsonConverter({ schemasEnable: false }).toConnectData('t', [], Buffer.from(document))
      expect(Object.keys(plain.value as object)).toEqual(['a', 'b'])
      const envelope = Buffer.from(`{"schema":null,"payload":${document}}`)
      if (document.endsWith('}')) {
        expect(Object.keys(createJsonConverter().toConnectData('t', [], envelope).value as object)).toEqual(['a', 'b'])
      }
    },
  )
})
