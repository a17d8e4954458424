import {
  ConnectError,
  type ConnectRecord,
  DataError,
  isDataError,
  newRecord,
  noHeaders,
  Schema,
  type SinkRecord,
  sourceRecord,
  type Transform,
} from '@sluice/api'
import { createJsonConverter, createSimpleHeaderConverter, createStringConverter } from '@sluice/converters'
import type { FetchedBatch } from '@sluice/kafka'
import { expect, test } from 'vitest'
import { RecordPipeline } from './record-pipeline.ts'
import { type ChainLink, TransformChain } from './transform-chain.ts'

function link(transform: Transform, more: Partial<ChainLink> = {}): ChainLink {
  const step = { stage: 'TRANSFORMATION', className: 'a.Transform' } as const
  return { step, transform, predicate: null, negate: false, ...more }
}

function pipeline(...links: ChainLink[]): RecordPipeline {
  return new RecordPipeline({
    task: { stage: 'TASK_POLL', className: 'a.Task' },
    chain: new TransformChain(links),
    key: { step: { stage: 'KEY_CONVERTER', className: 'a.Key' }, converter: createStringConverter() },
    value: {
      step: { stage: 'VALUE_CONVERTER', className: 'a.Value' },
      converter: createJsonConverter({ schemasEnable: false }),
    },
    header: { step: { stage: 'HEADER_CONVERTER', className: 'a.Header' }, converter: createSimpleHeaderConverter() },
  })
}

const place = { topic: 't', sourcePartition: { file: 'x' }, sourceOffset: { position: 7 } }

function fetched(values: readonly (string | null)[], topic = 't'): FetchedBatch {
  const bytes = values.map((value) => (value === null ? null : Buffer.from(value)))
  return {
    topic,
    partition: 3,
    leaderEpoch: -1,
    timestampType: 'CreateTime',
    count: values.length,
    nextOffset: 100 + values.length,
    offset: (index) => 100 + index,
    timestamp: (index) => (index === 0 ? -1 : 5),
    key: () => null,
    value: (index) => bytes[index] ?? null,
    headers: () => [['h', Buffer.from('v')]],
    release: () => undefined,
  }
}

const dropEven: Transform = {
  apply: <R extends ConnectRecord>(record: R): R | null => (Number(record.value) % 2 === 0 ? null : record),
}
const rename: Transform = { apply: (record) => newRecord(record, { topic: 'renamed' }) }
const refuse: Transform = {
  apply: () => {
    throw new DataError('cannot')
  },
}

test('a source record becomes bytes, and says where it goes', () => {
  const record = sourceRecord({ ...place, keySchema: Schema.string, key: 'k', value: { a: 1n }, partition: 2 })
  const outgoing = pipeline(link(rename)).toKafka(record)!
  expect(outgoing).toMatchObject({ topic: 'renamed', partition: 2, timestamp: null, headers: null })
  expect([outgoing.key, outgoing.value].map((bytes) => Buffer.from(bytes!).toString())).toEqual(['k', '{"a":1}'])
})

test('a record that a transform drops goes nowhere and is counted (I3)', () => {
  const dropping = pipeline(link(dropEven), link(rename))
  expect([1, 2, 3, 4].map((value) => dropping.toKafka(sourceRecord({ ...place, value }))?.topic)).toEqual([
    'renamed',
    undefined,
    'renamed',
    undefined,
  ])
  expect(dropping.filtered).toBe(2)
})

test('a predicate decides on the record as the transforms before it left it, unless negated', () => {
  const isRenamed = { test: (record: ConnectRecord) => record.topic === 'renamed' }
  const run = (negate: boolean) =>
    pipeline(link(rename), link(dropEven, { predicate: isRenamed, negate })).toKafka(
      sourceRecord({ ...place, value: 2 }),
    )
  expect(run(false)).toBeNull()
  expect(run(true)).not.toBeNull()
})

test('fetched records become sink records of one shape, at their own offsets', () => {
  const records: SinkRecord[] = []
  pipeline(link(rename)).fromKafka(fetched(['{"a":1}', null]), records)
  expect(records).toEqual([
    {
      topic: 'renamed',
      partition: 3,
      keySchema: Schema.optionalString,
      key: null,
      valueSchema: null,
      value: { a: 1 },
      timestamp: null,
      headers: [{ key: 'h', schema: Schema.string, value: 'v' }],
      offset: 100,
      timestampType: 'CreateTime',
      originalTopic: 't',
      originalPartition: 3,
      originalOffset: 100,
    },
    expect.objectContaining({ value: null, timestamp: 5, offset: 101 }),
  ])
})

test('a record that fails names its place, the stage and the plugin, and never its value', () => {
  const into: SinkRecord[] = []
  const failures: [() => unknown, RegExp][] = [
    [
      () => pipeline().fromKafka(fetched(['1', '{"secret']), into),
      /VALUE_CONVERTER by a\.Value of the record t-3@101: /,
    ],
    [
      () => pipeline(link(rename), link(refuse)).toKafka(sourceRecord({ ...place, value: 'secret' })),
      /TRANSFORMATION by a\.Transform of the record for t from \{"file":"x"\} at \{"position":7\}: cannot$/,
    ],
    [
      () => pipeline().toKafka(sourceRecord({ ...place, valueSchema: Schema.int32, value: 'secret' })),
      /TASK_POLL by a\.Task of the record for t from .*: Invalid Java object for schema with type INT32: class java\.lang\.String/,
    ],
  ]
  for (const [work, message] of failures) {
    let failure: unknown = null
    try {
      work()
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(ConnectError)
    expect((failure as Error).message).toMatch(/^Tolerance exceeded in error handler: /)
    expect((failure as Error).message).toMatch(message)
    expect((failure as Error).message).not.toContain('secret')
    expect(isDataError((failure as Error).cause)).toBe(true)
  }
  expect(into).toHaveLength(1)
})

test('a pipeline that failed once goes on with the next record', () => {
  const once = pipeline(link(refuse))
  expect(() => once.toKafka(sourceRecord({ ...place, value: 1 }))).toThrow(/TRANSFORMATION/)
  expect(() => once.toKafka(sourceRecord({ ...place, valueSchema: Schema.int8, value: 999 }))).toThrow(/TASK_POLL/)
  expect(noHeaders).toEqual([])
})
