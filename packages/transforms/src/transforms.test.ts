import {
  type ConnectRecord,
  requireConfig,
  Schema,
  SchemaBuilder,
  sourceRecord,
  type TransformDefinition,
  type Props,
  type Transform,
} from '@sluice/api'
import { sinkRecordOf, transformContract } from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import { hoistField } from './hoist-field.ts'
import { insertField } from './insert-field.ts'
import { regexRouter } from './regex-router.ts'

const hostile = SchemaBuilder.struct()
  .field('__proto__', Schema.int64)
  .field('constructor', Schema.optionalString)
  .field('1', Schema.string)
  .field('quote \' and " and \n', Schema.optionalBoolean)
  .build()
const hostileStruct = Object.fromEntries([
  ['__proto__', 2n ** 60n],
  ['constructor', null],
  ['1', 'one'],
  ['quote \' and " and \n', true],
])
const records: readonly ConnectRecord[] = [
  sinkRecordOf({
    topic: 'orders-eu',
    valueSchema: hostile,
    value: hostileStruct,
    timestamp: 7,
    offset: 12,
    partition: 3,
  }),
  sinkRecordOf({ keySchema: hostile, key: hostileStruct, value: { a: 1 } }),
  sinkRecordOf({ value: null }),
  sourceRecord({
    topic: 'orders-eu',
    sourcePartition: { p: 1 },
    sourceOffset: { o: 2 },
    valueSchema: hostile,
    value: hostileStruct,
  }),
  sourceRecord({ topic: 't', sourcePartition: { p: 1 }, sourceOffset: { o: 2 }, value: { __proto__: null, a: [1] } }),
]

function create(definition: TransformDefinition, props: Props): Transform {
  return definition.create(requireConfig(definition.config, props))
}

describe.each([
  ['HoistField$Value', hoistField[1] as TransformDefinition, { field: '__proto__' }],
  ['HoistField$Key', hoistField[0] as TransformDefinition, { field: 'line' }],
  [
    'InsertField$Value',
    insertField[1] as TransformDefinition,
    { 'topic.field': 't', 'timestamp.field': 'ts!', 'partition.field': 'toString' },
  ],
  ['InsertField$Key', insertField[0] as TransformDefinition, { 'static.field': '2', 'static.value': 'x' }],
  ['RegexRouter', regexRouter as TransformDefinition, { regex: '(.*)-(.*)', replacement: '$2' }],
])('%s keeps the contract of transforms', (_name, definition, props) => {
  for (const { name, run } of transformContract({ create: () => create(definition, props), records })) test(name, run)
})

test('hostile names arrive as fields of their own', () => {
  const inserted = create(insertField[1] as TransformDefinition, { 'topic.field': 'toString' }).apply(records[0]!)!
  expect(Object.entries(inserted.value as object)).toEqual([
    ...Object.entries(hostileStruct),
    ['toString', 'orders-eu'],
  ])
  const hoisted = create(hoistField[1] as TransformDefinition, { field: '__proto__' }).apply(records[0]!)!
  expect(Object.entries(hoisted.value as object)).toEqual([['__proto__', hostileStruct]])
  const hoistedMap = create(hoistField[1] as TransformDefinition, { field: '__proto__' }).apply(
    sinkRecordOf({ value: 'x' }),
  )!
  expect(Object.entries(hoistedMap.value as object)).toEqual([['__proto__', 'x']])
})

test('one schema in, one schema object out', () => {
  const transform = create(insertField[1] as TransformDefinition, { 'topic.field': 't' })
  const [first, second] = [transform.apply(records[0]!)!, transform.apply(records[3]!)!]
  expect(first.valueSchema).toBe(second.valueSchema)
})

test('a record that passes through is the record itself', () => {
  const router = create(regexRouter, { regex: 'other', replacement: 'x' })
  const insert = create(insertField[1] as TransformDefinition, { 'topic.field': 't' })
  expect(router.apply(records[0]!)).toBe(records[0])
  expect(insert.apply(records[2]!)).toBe(records[2])
})

test('a router sees many topics without keeping all', () => {
  const router = create(regexRouter, { regex: 'in-(.*)', replacement: 'out-$1' })
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 2500; n++) expect(router.apply(sinkRecordOf({ topic: `in-${n}` }))!.topic).toBe(`out-${n}`)
  }
})
