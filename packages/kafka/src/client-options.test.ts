import { ConfigError } from '@sluice/api'
import type { Props } from '@sluice/api'
import { expect, test } from 'vitest'
import { clientOptionsFromProps } from './client-options.ts'
import type { ClientOptionsByKind } from './client-options.ts'

const bootstrap = { 'bootstrap.servers': 'a:9092, b:9093' }

function issuesOf(props: Props, kind: keyof ClientOptionsByKind = 'producer'): (readonly [string, string])[] {
  try {
    clientOptionsFromProps({ ...bootstrap, ...props }, kind)
  } catch (error) {
    if (error instanceof ConfigError) return error.issues.map(({ key, message }) => [key, message])
    throw error
  }
  return []
}

test('reads the keys of a producer under Kafka’s own names, with Kafka’s defaults', () => {
  const { client, options, ignored, unknown } = clientOptionsFromProps(
    { ...bootstrap, 'linger.ms': '20', acks: '-1', 'compression.type': 'zstd', 'client.id': 'me' },
    'producer',
  )
  expect(client.bootstrapServers).toEqual(['a:9092', 'b:9093'])
  expect(client).toMatchObject({ clientId: 'me', requestTimeoutMs: 30_000, reconnectBackoffMaxMs: 1000 })
  expect(options).toMatchObject({ acks: 'all', lingerMs: 20, batchSize: 16_384, compression: 'zstd' })
  expect(options).toMatchObject({ compressionLevel: 3, maxInFlight: 5, deliveryTimeoutMs: 120_000 })
  expect({ ignored, unknown }).toEqual({ ignored: [], unknown: [] })
})

test('takes the largest values of Connect’s defaults as for ever', () => {
  const { options } = clientOptionsFromProps(
    { ...bootstrap, 'delivery.timeout.ms': '2147483647', 'max.block.ms': '9223372036854775807' },
    'producer',
  )
  expect(options).toMatchObject({ deliveryTimeoutMs: Infinity, maxBlockMs: Infinity })
})

test('leaves idempotence to the other settings unless it is asked for', () => {
  const read = (props: Props): boolean | undefined =>
    clientOptionsFromProps({ ...bootstrap, ...props }, 'producer').options.idempotence
  expect(read({ acks: '1' })).toBeUndefined()
  expect(read({ 'enable.idempotence': 'false' })).toBe(false)
  expect(issuesOf({ 'enable.idempotence': 'true', acks: '1' })).toEqual([
    [
      'enable.idempotence',
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
    ],
  ])
})

test('divides the keys of a consumer between reader and member', () => {
  const { options, group, maxPollRecords } = clientOptionsFromProps(
    { ...bootstrap, 'group.id': 'g', 'auto.offset.reset': 'earliest', 'max.poll.records': '7' },
    'consumer',
  )
  expect(options).toMatchObject({
    offsetReset: 'earliest',
    fetchMaxBytes: 52_428_800,
    isolationLevel: 'read_uncommitted',
  })
  expect(group).toMatchObject({
    groupId: 'g',
    groupInstanceId: null,
    sessionTimeoutMs: 45_000,
    maxPollIntervalMs: 300_000,
  })
  expect(maxPollRecords).toBe(7)
})

test.each([
  [{ 'linger.ms': 'soon' }, 'linger.ms', 'Invalid value soon for configuration linger.ms: Not a number of type LONG'],
  [{ 'batch.size': '-1' }, 'batch.size', 'Invalid value -1 for configuration batch.size: Value must be at least 0'],
  [{ 'bootstrap.servers': 'nowhere' }, 'bootstrap.servers', 'Invalid url in bootstrap.servers: nowhere'],
  [{ 'bootstrap.servers': '' }, 'bootstrap.servers', 'No resolvable bootstrap urls given in bootstrap.servers'],
  [
    { 'delivery.timeout.ms': '1000' },
    'delivery.timeout.ms',
    'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms',
  ],
])('says which key is wrong, in Kafka’s words: %j', (props, key, message) => {
  expect(issuesOf(props)[0]).toEqual([key, message])
})

test.each([
  [{ 'security.protocol': 'sasl_ssl' }, 'security.protocol'],
  [{ 'compression.type': 'lz4' }, 'compression.type'],
  [{ 'transactional.id': 'x' }, 'transactional.id'],
])('refuses what is not there yet rather than doing something else: %j', (props, key) => {
  expect(issuesOf(props).map(([issue]) => issue)).toEqual([key])
})

test('names keys without effect, and unknown ones with what was probably meant', () => {
  const { ignored, unknown } = clientOptionsFromProps(
    {
      ...bootstrap,
      'partitioner.class': 'x.Y',
      'metric.reporters': '',
      'batch.szie': '1',
      'key.serializer': 'org.apache.kafka.common.serialization.ByteArraySerializer',
      'ssl.truststore.location': '/x',
      'metrics.context.connect.group.id': 'g',
    },
    'producer',
  )
  expect(ignored).toEqual(['partitioner.class', 'metric.reporters'])
  expect(unknown).toEqual([{ key: 'batch.szie', nearest: 'batch.size' }])
})
