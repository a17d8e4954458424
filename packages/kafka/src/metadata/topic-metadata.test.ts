import { expect, test } from 'vitest'
import { zeroUuid } from '../protocol/field-defaults.ts'
import { mergeTopic } from './topic-metadata.ts'
import type { TopicMetadata } from './topic-metadata.ts'

function topic(topicId: string, ...partitions: [leader: number, epoch: number][]): TopicMetadata {
  return {
    name: 't',
    topicId,
    isInternal: false,
    fetchedAtMs: 0,
    partitions: partitions.map(([leader, leaderEpoch], partition) => ({
      partition,
      leader,
      leaderEpoch,
      replicas: [],
      isr: [],
    })),
  }
}
const leaders = (merged: TopicMetadata): number[] => merged.partitions.map(({ leader }) => leader)

test('never goes back to an older leader of a partition, as a broker that lags behind may name it', () => {
  expect(leaders(mergeTopic(topic('a', [1, 5], [1, 5]), topic('a', [2, 4], [2, 6])))).toEqual([1, 2])
  expect(leaders(mergeTopic(topic('a', [1, 5]), topic(zeroUuid, [2, 4])))).toEqual([1])
  expect(leaders(mergeTopic(topic('a', [1, 5]), topic('a', [2, 5], [3, 0])))).toEqual([2, 3])
})

test('believes whatever is said of a topic that was made anew', () => {
  expect(leaders(mergeTopic(topic('a', [1, 5]), topic('b', [2, 0])))).toEqual([2])
})
