import { connect } from 'node:net'
import { once } from 'node:events'
import { api, decodeResponse, encodeRequest, errorCode } from '@sluice/kafka/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { batchOf, recordingLog } from './support/batches.ts'
import { fetchRequest, produceRequest } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
let log: ReturnType<typeof recordingLog>
const clients: WireClient[] = []

beforeEach(async () => {
  log = recordingLog()
  broker = await startEmbeddedBroker({ log, maxRequestBytes: 3_000_000 })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  await broker.close()
})

async function open(): Promise<WireClient> {
  const client = await WireClient.open(broker.port)
  clients.push(client)
  return client
}

async function withTopic(): Promise<WireClient> {
  const client = await open()
  await client.call('Metadata', 9, { topics: [{ name: 't' }] })
  return client
}

describe('a connection', () => {
  it('is answered in order, however many requests are under way', async () => {
    const client = await withTopic()
    const ids = Array.from({ length: 500 }, (_, i) => {
      if (i % 3 === 0) return client.send('Produce', 7, produceRequest('t', 0, batchOf([`v${i}`])))
      if (i % 3 === 1) return client.send('Fetch', 11, fetchRequest('t', 0, 0, { maxWaitMs: 5, minBytes: 1e9 }))
      return client.send('ApiVersions', 2, {})
    })
    const answers: number[] = []
    for (const _ of ids) answers.push((await client.frame()).readInt32BE(0))
    expect(answers).toEqual(ids)
  })

  it('takes thousands of small requests in one piece', async () => {
    const client = await open()
    const one = encodeRequest('ApiVersions', 0, { correlationId: 5, clientId: null }, {})
    client.socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => one)))
    for (let i = 0; i < 20_000; i++) await client.frame()
    expect(broker.stats().requests).toBe(20_000)
  })

  it('that reads slowly holds up nobody else, and gets everything in the end', async () => {
    const client = await withTopic()
    const big = batchOf(['x'.repeat(900_000)])
    for (let i = 0; i < 20; i++) await client.call('Produce', 7, produceRequest('t', 0, Buffer.from(big)))
    const slow = await open()
    slow.socket.pause()
    for (let i = 0; i < 20; i++) slow.send('Fetch', 11, fetchRequest('t', 0, i))
    for (let i = 0; i < 50; i++) await client.call('Fetch', 11, fetchRequest('t', 0, 0))
    slow.socket.resume()
    for (let i = 0; i < 20; i++) {
      const { body } = decodeResponse('Fetch', 11, await slow.frame())
      expect(body.responses[0]!.partitions[0]!.records!.length).toBe(big.length)
    }
  })

  it('ends with what is not a request, and no other does', async () => {
    const bystander = await withTopic()
    const garbage: Buffer[] = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      Buffer.from([0, 0, 0, 0]),
      Buffer.from([0xff, 0xff, 0xff, 0xff]),
      Buffer.from([0, 0, 0, 3, 1, 2, 3]),
      truncated(encodeRequest('Metadata', 9, { correlationId: 1, clientId: 'x' }, { topics: [{ name: 't' }] })),
    ]
    for (const bytes of garbage) {
      const client = await open()
      client.socket.write(bytes)
      await client.end()
    }
    expect(broker.stats().malformedRequests).toBe(garbage.length)
    expect(log.messages.filter((m) => m.includes('is not a request'))).toHaveLength(garbage.length)
    expect((await bystander.call('Metadata', 9, { topics: null })).topics).toHaveLength(1)
  })

  it('ends with a request that is too large, before its bytes are taken in', async () => {
    const client = await open()
    const size = Buffer.alloc(4)
    size.writeInt32BE(3_000_001)
    client.socket.write(size)
    await client.end()
    expect(broker.stats().malformedRequests).toBe(1)
  })

  it('ends with an API or a version that is not offered, as with Apache Kafka', async () => {
    for (const [key, version] of [
      [0, 2],
      [3, 99],
      [77, 0],
    ] as const) {
      const client = await open()
      client.socket.write(bareRequest(key, version))
      await client.end()
    }
    expect(broker.stats().unsupportedRequests).toBe(3)
  })

  it('learns of the versions that are offered even if it asks in an unknown one', async () => {
    const client = await open()
    client.socket.write(bareRequest(18, 99))
    const { body } = decodeResponse('ApiVersions', 4, await client.frame())
    const { minVersion, maxVersion } = api('ApiVersions')
    expect(body.errorCode).toBe(errorCode.UNSUPPORTED_VERSION)
    expect(body.apiKeys).toEqual([{ apiKey: 18, minVersion, maxVersion }])
    expect((await client.call('ApiVersions', 0, {})).errorCode).toBe(0)
  })

  it('may end in the middle of anything', async () => {
    await withTopic()
    const whole = encodeRequest(
      'Produce',
      7,
      { correlationId: 1, clientId: 'x' },
      produceRequest('t', 0, batchOf(['a'])),
    )
    for (let length = 0; length <= whole.length; length += 7) {
      const socket = connect({ host: '127.0.0.1', port: broker.port })
      await once(socket, 'connect')
      await new Promise((resolve) => socket.write(whole.subarray(0, length), resolve))
      socket.destroy()
    }
    const waiting = await open()
    waiting.send('Fetch', 11, fetchRequest('t', 0, 0, { maxWaitMs: 60_000, minBytes: 1e9 }))
    waiting.close()
    const client = await open()
    expect((await client.call('Metadata', 9, { topics: null })).topics).toHaveLength(1)
    expect(broker.stats().malformedRequests).toBe(0)
  })
})

function truncated(frame: Buffer): Buffer {
  const cut = Buffer.from(frame.subarray(0, frame.length - 3))
  cut.writeInt32BE(cut.length - 4)
  return cut
}

function bareRequest(key: number, version: number): Buffer {
  const frame = Buffer.alloc(4 + 10)
  frame.writeInt32BE(10, 0)
  frame.writeInt16BE(key, 4)
  frame.writeInt16BE(version, 6)
  frame.writeInt32BE(1, 8)
  frame.writeInt16BE(-1, 12)
  return frame
}
