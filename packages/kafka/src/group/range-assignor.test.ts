import { expect, test } from 'vitest'
import { partitionKey } from '../partition-key.ts'
import java from './testdata/java-range-assignor.json' with { type: 'json' }
import { assignRanges } from './range-assignor.ts'

test('divides partitions exactly as the assignor of Apache Kafka', () => {
  for (const { partitions, members, assignment } of java) {
    const counts = new Map(Object.entries(partitions))
    const assigned = assignRanges(counts, members)
    expect(Object.fromEntries([...assigned].map(([id, tps]) => [id, tps.map(partitionKey).sort()]))).toEqual(assignment)
  }
})
