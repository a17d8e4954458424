import { apis, errorCode, offeredVersions } from '@sluice/kafka/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEmbeddedBroker, type EmbeddedBroker } from '../src/index.ts'
import { batchOf } from './support/batches.ts'
import { commitRequest, produceRequest, sampleRequests } from './support/requests.ts'
import { WireClient } from './support/wire-client.ts'

let broker: EmbeddedBroker
let client: WireClient
beforeAll(async () => {
  broker = await startEmbeddedBroker({ defaultPartitions: 2 })
  client = await WireClient.open(broker.port)
  await client.call('Metadata', 9, { topics: [{ name: 't' }] })
  await client.call('Produce', 9, produceRequest('t', 0, batchOf(['first'])))
  await client.call('OffsetCommit', 8, commitRequest('g', 't', 0, 1))
})
afterAll(async () => {
  client.close()
  await broker.close()
})

/** Error codes that the sample requests call forth on purpose. */
const expectedErrors: Readonly<Record<string, readonly number[]>> = {
  Heartbeat: [errorCode.UNKNOWN_MEMBER_ID],
  SyncGroup: [errorCode.UNKNOWN_MEMBER_ID],
  LeaveGroup: [errorCode.UNKNOWN_MEMBER_ID],
  JoinGroup: [errorCode.MEMBER_ID_REQUIRED],
  DeleteTopics: [errorCode.UNKNOWN_TOPIC_OR_PARTITION],
  DeleteGroups: [errorCode.GROUP_ID_NOT_FOUND],
  DescribeConfigs: [errorCode.INVALID_REQUEST],
}

/** Every error code anywhere in a body. */
function errorCodes(body: unknown): number[] {
  if (Array.isArray(body)) return body.flatMap(errorCodes)
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return []
  return Object.entries(body).flatMap(([key, value]) =>
    key === 'errorCode' && typeof value === 'number' && value !== 0 ? [value] : errorCodes(value),
  )
}

describe('every version of every API', () => {
  const versions = apis.flatMap((api) =>
    Array.from({ length: api.maxVersion - api.minVersion + 1 }, (_, i) => [api.name, api.minVersion + i] as const),
  )

  it.each(versions)('%s %i is answered in that version', async (name, version) => {
    const body = await client.call(name, version, sampleRequests[name](version))
    const allowed = expectedErrors[name] ?? []
    expect(errorCodes(body).filter((code) => !allowed.includes(code))).toEqual([])
  })

  it('is offered', async () => {
    const { apiKeys } = await client.call('ApiVersions', 2, {})
    expect(apiKeys).toEqual(offeredVersions)
  })
})
