import { apis, encodeRequest, type ApiName, type Messages } from '@sluice/kafka/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { silentLog } from '../src/broker-log.ts'
import { sampleRequests } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
const faults: unknown[] = []
const log = {
  ...silentLog,
  error: (message: string, fields?: Record<string, unknown>) => void faults.push(message, fields),
}
beforeAll(async () => {
  broker = await startEmbeddedBroker({ log })
})
afterAll(() => broker.close())

const versions = apis.flatMap((api) =>
  Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => [api.name, api.minVersion + i] as const),
)
const headerBytes = 12 // size, key, version, correlation id

/** A good request with some of its bytes replaced, its size and header kept. */
const spoilt = fc
  .tuple(
    fc.constantFrom(...versions),
    fc.array(fc.tuple(fc.nat(200), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 6 }),
  )
  .map(([[name, version], changes]) => {
    const body = sampleRequests[name](version) as Messages[ApiName]['requestInput']
    const frame = encodeRequest(name, version, { correlationId: 1, clientId: 'x' }, body as never)
    for (const [at, byte] of changes) frame[headerBytes + (at % (frame.length - headerBytes))] = byte
    return frame
  })

it('answers or ends the connection, whatever a request holds, and never runs into a fault of its own', async () => {
  const setUp = await WireClient.open(broker.port)
  await setUp.call('Metadata', 9, { topics: [{ name: 't' }] })
  for (const frame of fc.sample(spoilt, { seed: 8, numRuns: 3_000 })) {
    const client = await WireClient.open(broker.port)
    client.socket.write(frame)
    // Fetches, joins and syncs may wait for longer than a test: they are left.
    const waits = [1, 11, 14].includes(frame.readInt16BE(4))
    if (!waits) await client.frame().catch(() => null)
    client.close()
    if (broker.stats().failedRequests > 0) throw new Error(`${JSON.stringify(faults)} on ${frame.toString('hex')}`)
  }
  expect((await setUp.call('ApiVersions', 0, {})).errorCode).toBe(0)
  setUp.close()
  expect(faults).toEqual([])
  expect(broker.stats().malformedRequests).toBeGreaterThan(100)
})
