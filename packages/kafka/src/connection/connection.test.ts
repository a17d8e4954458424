import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { decodeRequestHeader } from '../protocol/frame-codec.ts'
import { encodeResponse } from '../protocol/frame-codec.ts'
import { Connection } from './connection.ts'
import type { BrokerAddress } from './broker-address.ts'
import { FramePool } from './frame-pool.ts'

type Answer = (socket: Socket, request: { api: number; version: number; id: number; bytes: Buffer }) => void

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

/** A server that hands each request to the test. */
async function serve(answer: Answer): Promise<BrokerAddress> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let rest = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const bytes = rest.subarray(4, 4 + rest.readInt32BE(0))
        rest = rest.subarray(4 + bytes.length)
        const header = decodeRequestHeader(bytes)
        answer(socket, { api: header.apiKey, version: header.apiVersion, id: header.correlationId, bytes })
      }
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  stops.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

const range = (apiKey: number, minVersion: number, maxVersion: number): object => ({ apiKey, minVersion, maxVersion })
const versions = { errorCode: 0, apiKeys: [range(18, 0, 3), range(3, 0, 4), range(12, 0, 1)] as never }

function answerVersions(socket: Socket, request: { api: number; version: number; id: number }): boolean {
  if (request.api === 18) socket.write(encodeResponse('ApiVersions', request.version, request.id, versions))
  return request.api === 18
}

const options = { clientId: 'me', connectTimeoutMs: 2000, requestTimeoutMs: 2000, idleMs: 60_000 }
const heartbeat = { groupId: 'g', generationId: 1, memberId: 'm' }

test('uses the newest version that both sides speak, and refuses an API that the broker lacks', async () => {
  const address = await serve((socket, request) => {
    if (answerVersions(socket, request)) return
    expect(request.version).toBe(1)
    socket.write(encodeResponse('Heartbeat', 1, request.id, { errorCode: 27 }))
  })
  const connection = await Connection.open(address, options)
  expect(connection.versionOf('Metadata')).toBe(4)
  expect((await connection.call('Heartbeat', heartbeat)).errorCode).toBe(27)
  await expect(connection.call('Fetch', { maxWaitMs: 1, minBytes: 1, isolationLevel: 0, topics: [] })).rejects.toThrow(
    `Broker 127.0.0.1:${address.port} does not know Fetch`,
  )
  connection.close()
})

test('asks for versions again in the range of a broker that is too old for the newest request', async () => {
  const asked: number[] = []
  const address = await serve((socket, request) => {
    asked.push(request.version)
    if (request.version > 2) {
      const refusal = { errorCode: 35, apiKeys: [range(18, 0, 2)] as never }
      socket.write(encodeResponse('ApiVersions', 0, request.id, refusal))
    } else answerVersions(socket, request)
  })
  const connection = await Connection.open(address, options)
  expect(asked).toEqual([4, 2])
  expect(connection.versionOf('Metadata')).toBe(4)
  connection.close()
})

test('closes when an answer takes too long: everything pending fails with the cause', async () => {
  const address = await serve(answerVersions)
  const connection = await Connection.open(address, options)
  const closed = new Promise((resolve) => connection.onClose(resolve))
  const slow = connection.call('Heartbeat', heartbeat, { timeoutMs: 60_000 })
  const quick = connection.call('Heartbeat', heartbeat, { timeoutMs: 20 })
  const failure = {
    errorName: 'REQUEST_TIMED_OUT',
    message: expect.stringContaining('did not answer Heartbeat in time'),
  }
  await expect(quick).rejects.toMatchObject(failure)
  await expect(slow).rejects.toMatchObject(failure)
  expect(await closed).toMatchObject(failure)
  expect(connection.isOpen).toBe(false)
  await expect(connection.call('Heartbeat', heartbeat)).rejects.toMatchObject(failure)
})

test('says what waited for an answer when the broker closes', async () => {
  const address = await serve((socket, request) => {
    if (!answerVersions(socket, request)) socket.destroy()
  })
  const connection = await Connection.open(address, options)
  await expect(connection.call('Heartbeat', heartbeat)).rejects.toMatchObject({
    errorName: 'NETWORK_EXCEPTION',
    message: `The connection to broker 127.0.0.1:${address.port} was lost: the broker closed it, while these waited for an answer: Heartbeat`,
  })
})

test('names an address where nothing listens, and the way out', async () => {
  await expect(Connection.open({ host: '127.0.0.1', port: 1 }, options)).rejects.toMatchObject({
    errorName: 'NETWORK_EXCEPTION',
    message:
      'Connecting to broker 127.0.0.1:1: connection refused: nothing listens there. Check that the broker runs, and the address in bootstrap.servers.',
  })
})

test.each([
  ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'sent bytes that are no answer'],
  ['TLS', Buffer.from([0x15, 3, 3, 0, 2, 2, 70, 1]), 'sent bytes that are no answer'],
  ['nothing, and closes', null, 'the broker closed it'],
])('says what to look at when the other side speaks %s', async (_, bytes, found) => {
  const address = await serve((socket) => {
    if (bytes === null) socket.destroy()
    else socket.write(bytes)
  })
  const opening = Connection.open(address, options)
  await expect(opening).rejects.toThrow(found)
  await expect(opening).rejects.toThrow(
    'Check that it is a Kafka broker and that its listener takes plain connections.',
  )
})

test('gives up a server that takes the connection and stays silent', async () => {
  const address = await serve(() => {})
  await expect(Connection.open(address, { ...options, connectTimeoutMs: 50 })).rejects.toMatchObject({
    message: expect.stringContaining('did not answer ApiVersions in time'),
  })
})

test('fails a call whose answer cannot be decoded, gives its frame back and closes', async () => {
  const address = await serve((socket, request) => {
    if (answerVersions(socket, request)) return
    const garbage = Buffer.alloc(9, 255)
    garbage.writeInt32BE(5, 0)
    garbage.writeInt32BE(request.id, 4)
    socket.write(garbage)
  })
  const frames = new FramePool(1)
  const lent = frames.acquire(5)
  lent.release()
  const connection = await Connection.open(address, options)
  await expect(connection.callPooled('Heartbeat', heartbeat, { frames })).rejects.toThrow('Heartbeat response')
  expect(connection.isOpen).toBe(false)
  expect(frames.acquire(5).bytes.buffer).toBe(lent.bytes.buffer)
})

test('closes itself when it has been idle for long, but not under a long poll', async () => {
  const address = await serve(answerVersions)
  const idle = await Connection.open(address, { ...options, idleMs: 30 })
  const polling = await Connection.open(address, { ...options, idleMs: 30 })
  const poll = polling.call('Heartbeat', heartbeat, { timeoutMs: 5000 })
  poll.catch(() => {})
  await new Promise((resolve) => idle.onClose(resolve))
  expect(polling.isOpen).toBe(true)
  polling.close()
  await expect(poll).rejects.toThrow('was closed here')
})
