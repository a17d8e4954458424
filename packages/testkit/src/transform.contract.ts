import assert from 'node:assert/strict'
import {
  type ConnectRecord,
  equalValues,
  schemaEquals,
  type SinkRecord,
  type SourceRecord,
  type Transform,
  toJson,
} from '@sluice/api'
import { type ContractCase, type Skipped, withoutSkipped } from './contract-case.ts'

/** The transform under test. */
export interface TransformContractOptions {
  readonly create: () => Transform
  /** Records that it takes, of either kind. */
  readonly records: readonly ConnectRecord[]
  readonly skip?: readonly Skipped[]
}

/** The rules that every transform keeps. */
export function transformContract(options: TransformContractOptions): readonly ContractCase[] {
  const { create, records, skip = [] } = options
  const cases: ContractCase[] = [
    {
      name: 'leaves the record that it is given as it is',
      run() {
        const transform = create()
        for (const record of records) {
          const before = { ...record, text: textOf(record) }
          transform.apply(record)
          assert.deepEqual({ ...record, text: textOf(record) }, before)
        }
      },
    },
    {
      name: 'gives the same for the same record, whatever came between',
      run() {
        const transform = create()
        const first = records.map((record) => transform.apply(record))
        const again = records.toReversed().map((record) => transform.apply(record))
        for (const [index, result] of again.toReversed().entries()) assertSame(result, first[index] ?? null)
      },
    },
    {
      name: 'keeps where a record comes from',
      run() {
        const transform = create()
        for (const record of records) {
          const result = transform.apply(record)
          if (result !== null) assertSameOrigin(result, record)
        }
      },
    },
  ]
  return withoutSkipped(cases, skip)
}

function textOf(record: ConnectRecord): string {
  return `${toJson(record.key, record.keySchema)} ${toJson(record.value, record.valueSchema)}`
}

function assertSame(actual: ConnectRecord | null, expected: ConnectRecord | null): void {
  if (actual === null || expected === null) return assert.equal(actual, expected)
  assert.equal(actual.topic, expected.topic)
  assert.equal(actual.partition, expected.partition)
  assert.equal(actual.timestamp, expected.timestamp)
  assert.ok(schemaEquals(actual.keySchema, expected.keySchema) && equalValues(actual.key, expected.key), 'another key')
  const isSameValue =
    schemaEquals(actual.valueSchema, expected.valueSchema) && equalValues(actual.value, expected.value)
  assert.ok(isSameValue, 'another value')
  assert.deepEqual(actual.headers, expected.headers)
}

function assertSameOrigin(actual: ConnectRecord, expected: ConnectRecord): void {
  const [is, was] = [actual as Partial<SourceRecord & SinkRecord>, expected as Partial<SourceRecord & SinkRecord>]
  assert.equal(is.sourcePartition, was.sourcePartition)
  assert.equal(is.sourceOffset, was.sourceOffset)
  assert.equal(is.offset, was.offset)
  assert.equal(is.originalTopic, was.originalTopic)
  assert.equal(is.originalPartition, was.originalPartition)
  assert.equal(is.originalOffset, was.originalOffset)
}
