import { describe, expect, test } from 'vitest'
import { isDataError } from '../errors/connect-error.ts'
import { Schema } from '../data/schema.ts'
import type { ConnectRecord } from './connect-record.ts'
import { addHeader, allHeaders, header, lastHeader, noHeaders, removeHeaders } from './headers.ts'
import { newRecord } from './new-record.ts'
import { sinkRecord } from './sink-record.ts'
import { type SourceRecordInput, sourceRecord } from './source-record.ts'

const place = { sourcePartition: { file: 'a' }, sourceOffset: { position: 5 } }

const sink = sinkRecord({
  topic: 't',
  partition: 1,
  keySchema: null,
  key: null,
  valueSchema: Schema.string,
  value: 'v',
  timestamp: 7,
  headers: noHeaders,
  offset: 9,
  timestampType: 'CreateTime',
  originalTopic: 't',
  originalPartition: 1,
  originalOffset: 9,
})

describe('sourceRecord', () => {
  test('fills what was left out', () => {
    expect(sourceRecord({ topic: 't', ...place, value: 'v', valueSchema: Schema.string })).toEqual({
      topic: 't',
      partition: null,
      keySchema: null,
      key: null,
      valueSchema: Schema.string,
      value: 'v',
      timestamp: null,
      headers: [],
      ...place,
    })
  })

  test('keeps values that are false, zero or empty', () => {
    const record = sourceRecord({ topic: 't', ...place, partition: 0, key: '', value: false, timestamp: 0 })
    expect([record.partition, record.key, record.value, record.timestamp]).toEqual([0, '', false, 0])
  })

  test('refuses a record without a topic', () => {
    for (const topic of [undefined, null, '', 5]) {
      const input = { ...place, topic } as unknown as SourceRecordInput
      expect(() => sourceRecord(input)).toThrow(expect.toSatisfy(isDataError))
    }
  })
})

describe('newRecord', () => {
  const source = sourceRecord({ topic: 't', ...place, key: 1, keySchema: Schema.int32, value: 'v', timestamp: 7 })

  test('changes what is named and keeps the rest, the place in the source included', () => {
    const changed = newRecord(source, { topic: 'u', value: null, partition: 3 })
    expect(changed).toEqual({ ...source, topic: 'u', value: null, partition: 3 })
    expect(source.topic).toBe('t')
  })

  test('takes undefined for what stays', () => {
    expect(newRecord(source, { topic: undefined, key: undefined, value: 'w' })).toEqual({ ...source, value: 'w' })
  })

  test('keeps where a sink record was read from', () => {
    const changed = newRecord(sink, { topic: 'u', partition: 5, headers: [header('h', null, 1)] })
    expect(changed).toEqual({ ...sink, topic: 'u', partition: 5, headers: [{ key: 'h', schema: null, value: 1 }] })
    expect(newRecord(sink, { partition: null }).partition).toBe(1)
  })

  test('gives records of the shape of their makers', () => {
    expect(Object.keys(newRecord(source, { topic: 'u' }))).toEqual(Object.keys(source))
    expect(Object.keys(newRecord(sink, { topic: 'u' }))).toEqual(Object.keys(sink))
    const common: ConnectRecord = source
    expect(newRecord(common, { topic: 'u' })).toEqual({ ...source, topic: 'u' })
  })
})

describe('headers', () => {
  const [a1, b, a2] = [header('a', Schema.int8, 1), header('b', Schema.string, 'x'), header('a', Schema.int8, 2)]
  const headers = [a1, b, a2]

  test('keep their order and their repeats', () => {
    expect(addHeader([a1, b], a2)).toEqual(headers)
    expect(lastHeader(headers, 'a')).toBe(a2)
    expect(lastHeader(headers, 'c')).toBeNull()
    expect(allHeaders(headers, 'a')).toEqual([a1, a2])
    expect(removeHeaders(headers, 'a')).toEqual([b])
    expect(removeHeaders(headers, 'c')).toBe(headers)
    expect(headers).toEqual([a1, b, a2])
  })

  test('are checked against their schema, and brought to canonical form', () => {
    expect(header('n', Schema.int64, 5n).value).toBe(5)
    expect(() => header('n', Schema.int64, 'x')).toThrow('Invalid Java object for schema with type INT64')
  })

  test('the empty list cannot be added to', () => {
    expect(() => (noHeaders as unknown[]).push(a1)).toThrow(TypeError)
  })
})
