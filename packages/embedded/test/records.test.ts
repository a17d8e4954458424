import { errorCode } from '@sluice/kafka/protocol'
import { readBatches } from '@sluice/kafka/records'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { batchOf } from './support/batches.ts'
import { fetchRequest, produceRequest } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
let client: WireClient
beforeEach(async () => {
  broker = await startEmbeddedBroker()
  client = await WireClient.open(broker.port)
  await client.call('Metadata', 9, { topics: [{ name: 't' }] })
})
afterEach(async () => {
  client.close()
  await broker.close()
})

async function produce(
  records: Buffer,
  topic = 't',
  partition = 0,
): Promise<{ errorCode: number; baseOffset: number }> {
  const { responses } = await client.call('Produce', 9, produceRequest(topic, partition, records))
  return responses[0]!.partitionResponses[0]!
}

async function fetch(offset: number, wait?: Parameters<typeof fetchRequest>[3]): Promise<string[]> {
  const { responses } = await client.call('Fetch', 11, fetchRequest('t', 0, offset, wait))
  return readBatches(responses[0]!.partitions[0]!.records!).flatMap((batch) =>
    Array.from({ length: batch.count }, (_, i) => `${batch.offset(i)}:${batch.value(i)?.toString()}`),
  )
}

describe('records', () => {
  it('come back as they were sent, from the batch that holds the offset on', async () => {
    await produce(batchOf(['a', 'b']))
    await produce(batchOf(['c'], { compression: 'zstd' }))
    await produce(batchOf(['d'], { compression: 'gzip' }))
    expect(await fetch(0)).toEqual(['0:a', '1:b', '2:c', '3:d'])
    expect(await fetch(1)).toEqual(['0:a', '1:b', '2:c', '3:d'])
    expect(await fetch(3)).toEqual(['3:d'])
    expect(await fetch(4)).toEqual([])
  })

  it('are stored once when a producer sends a batch again', async () => {
    const { producerId, producerEpoch } = await client.call('InitProducerId', 4, {
      transactionalId: null,
      transactionTimeoutMs: 1_000,
    })
    const send = (baseSequence: number, value: string): ReturnType<typeof produce> =>
      produce(batchOf([value], { producerId, producerEpoch, baseSequence }))
    expect((await send(0, 'a')).baseOffset).toBe(0)
    expect((await send(1, 'b')).baseOffset).toBe(1)
    expect(await send(0, 'a')).toMatchObject({ errorCode: 0, baseOffset: 0 })
    expect((await send(3, 'd')).errorCode).toBe(errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(await fetch(0)).toEqual(['0:a', '1:b'])
  })

  it('of unknown topics, and with unknown acks, are refused', async () => {
    expect((await produce(batchOf(['a']), 'nope')).errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION)
    expect((await produce(batchOf(['a']), 't', 1)).errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION)
    const { responses } = await client.call('Produce', 9, { ...produceRequest('t', 0, batchOf(['a'])), acks: 2 })
    expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(errorCode.INVALID_REQUIRED_ACKS)
    expect(await fetch(0)).toEqual([])
  })

  it('sent with acks=0 are stored without an answer, and end the connection when they cannot be', async () => {
    client.send('Produce', 9, produceRequest('t', 0, batchOf(['a']), 0))
    expect(await fetch(0)).toEqual(['0:a'])
    client.send('Produce', 9, produceRequest('nope', 0, batchOf(['a']), 0))
    await client.end()
  })

  it('cannot be sent in transactions, and whoever asks for one is told so at once', async () => {
    const init = await client.call('InitProducerId', 4, { transactionalId: 'x', transactionTimeoutMs: 1_000 })
    expect(init.errorCode).toBe(errorCode.UNSUPPORTED_VERSION)
    const found = await client.call('FindCoordinator', 4, { keyType: 1, coordinatorKeys: ['x'] })
    expect(found.coordinators[0]).toMatchObject({ errorCode: errorCode.UNSUPPORTED_VERSION })
    expect(found.coordinators[0]!.errorMessage).toContain('not transactions')
    const { responses } = await client.call('Produce', 9, {
      ...produceRequest('t', 0, batchOf(['a'])),
      transactionalId: 'x',
    })
    expect(responses[0]!.partitionResponses[0]!.errorCode).toBe(errorCode.INVALID_TXN_STATE)
  })
})

describe('a fetch', () => {
  it('waits until there is enough, and no longer', async () => {
    const other = await WireClient.open(broker.port)
    const waiting = fetch(0, { maxWaitMs: 60_000, minBytes: 150 })
    for (const value of ['a', 'b', 'c']) await other.call('Produce', 9, produceRequest('t', 0, batchOf([value])))
    expect((await waiting).slice(0, 3)).toEqual(['0:a', '1:b', '2:c'])
    other.close()
  })

  it('ends with what there is when its time is up', async () => {
    await produce(batchOf(['a']))
    expect(await fetch(0, { maxWaitMs: 20, minBytes: 1_000_000 })).toEqual(['0:a'])
    expect(await fetch(1, { maxWaitMs: 20, minBytes: 1 })).toEqual([])
  })

  it('ends when its topic is deleted', async () => {
    const waiting = client.call('Fetch', 11, fetchRequest('t', 0, 0, { maxWaitMs: 60_000, minBytes: 1 }))
    const other = await WireClient.open(broker.port)
    await other.call('DeleteTopics', 5, { topicNames: ['t'], timeoutMs: 100 })
    const { responses } = await waiting
    expect(responses[0]!.partitions[0]!.errorCode).toBe(errorCode.UNKNOWN_TOPIC_OR_PARTITION)
    other.close()
  })

  it('out of range, or with another leader epoch, says so at once', async () => {
    await produce(batchOf(['a', 'b']))
    const codeOf = async (offset: number, currentLeaderEpoch = -1): Promise<number> => {
      const request = fetchRequest('t', 0, offset, { maxWaitMs: 60_000, minBytes: 1 })
      const partitions = [{ ...request.topics[0]!.partitions[0]!, currentLeaderEpoch }]
      const { responses } = await client.call('Fetch', 11, { ...request, topics: [{ topic: 't', partitions }] })
      return responses[0]!.partitions[0]!.errorCode
    }
    expect(await codeOf(3)).toBe(errorCode.OFFSET_OUT_OF_RANGE)
    expect(await codeOf(-5)).toBe(errorCode.OFFSET_OUT_OF_RANGE)
    expect(await codeOf(0, 1)).toBe(errorCode.UNKNOWN_LEADER_EPOCH)
    expect(await codeOf(0, 0)).toBe(errorCode.NONE)
    await client.call('DeleteRecords', 2, {
      topics: [{ name: 't', partitions: [{ partitionIndex: 0, offset: 1 }] }],
      timeoutMs: 100,
    })
    expect(await codeOf(0)).toBe(errorCode.OFFSET_OUT_OF_RANGE)
  })

  it('spreads its limit over partitions, and gives one batch even when all are too large', async () => {
    await client.call('CreatePartitions', 1, {
      topics: [{ name: 't', count: 3, assignments: null }],
      timeoutMs: 100,
      validateOnly: false,
    })
    for (const partition of [0, 1, 2]) await produce(batchOf(['x'.repeat(1_000)]), 't', partition)
    const sizes = async (maxBytes: number, partitionMaxBytes: number): Promise<number[]> => {
      const partitions = [0, 1, 2].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes }))
      const { responses } = await client.call('Fetch', 11, {
        ...fetchRequest('t', 0, 0),
        maxBytes,
        topics: [{ topic: 't', partitions }],
      })
      return responses[0]!.partitions.map((p) => p.records!.length)
    }
    const [whole] = await sizes(1_000_000, 1_000_000)
    expect(await sizes(1_000_000, 1_000_000)).toEqual([whole, whole, whole])
    expect(await sizes(whole! * 2 + 5, 1_000_000)).toEqual([whole, whole, 0])
    expect(await sizes(1, 1_000_000)).toEqual([whole, 0, 0])
    expect(await sizes(1_000_000, 1)).toEqual([whole, 0, 0])
  })

  it('in a session that was never begun is refused', async () => {
    const answer = await client.call('Fetch', 11, { ...fetchRequest('t', 0, 0), sessionId: 7, sessionEpoch: 3 })
    expect(answer.errorCode).toBe(errorCode.FETCH_SESSION_ID_NOT_FOUND)
  })
})

describe('offsets', () => {
  it('are found by time, at both ends, and by the greatest time', async () => {
    await produce(batchOf(['a', 'b', 'c'], { timestamp: 100 }))
    await produce(batchOf(['d'], { timestamp: 50 }))
    const offsetOf = async (timestamp: number): Promise<[number, number]> => {
      const { topics } = await client.call('ListOffsets', 7, {
        replicaId: -1,
        topics: [{ name: 't', partitions: [{ partitionIndex: 0, timestamp }] }],
      })
      const { offset, timestamp: found } = topics[0]!.partitions[0]!
      return [offset, found]
    }
    expect(await offsetOf(-1)).toEqual([4, -1])
    expect(await offsetOf(-2)).toEqual([0, -1])
    expect(await offsetOf(-3)).toEqual([2, 102])
    expect(await offsetOf(101)).toEqual([1, 101])
    expect(await offsetOf(103)).toEqual([-1, -1])
  })
})
