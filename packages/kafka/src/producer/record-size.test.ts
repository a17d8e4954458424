import { expect, test } from 'vitest'
import java from './testdata/java-producer.json' with { type: 'json' }
import { estimateBatchSize } from './record-size.ts'

test('estimates the size of a record as Java does, so that the same records are too large', () => {
  const bytes = (length: number): Buffer | null => (length < 0 ? null : Buffer.alloc(length))
  const record = { topic: 't', partition: null, timestamp: null }
  const headers = [['é', Buffer.alloc(5)] as const, ['n', null] as const]
  for (const [key, value, bare, withHeaders] of java.sizes as [number, number, number, number][]) {
    expect(estimateBatchSize({ ...record, key: bytes(key), value: bytes(value), headers: null })).toBe(bare)
    expect(estimateBatchSize({ ...record, key: bytes(key), value: bytes(value), headers: [] })).toBe(bare)
    expect(estimateBatchSize({ ...record, key: bytes(key), value: bytes(value), headers })).toBe(withHeaders)
  }
})
