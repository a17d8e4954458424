import { configSpec, field, requireConfig } from '@sluice/api'
import type { Config, ConfigSpec, Props } from '@sluice/api'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Acks, ClientOptions, Compression, ProducerOptions } from '../ports.ts'
import { resolveProducerOptions } from '../producer/producer-settings.ts'
import { connectionFields, invalid, milliseconds, readConnection } from './connection-keys.ts'

const forEver = 2147483647

const spec = configSpec({
  ...connectionFields,
  acks: field.oneOf(['all', '-1', '0', '1'], { doc: 'Who must have stored a record.', default: 'all' }),
  'enable.idempotence': field.boolean({ doc: 'Keep order and single copies over retries.', default: true }),
  'max.in.flight.requests.per.connection': field.int({ doc: 'Unanswered requests a broker.', default: 5, min: 1 }),
  'batch.size': field.int({ doc: 'Bytes of a batch.', default: 16_384, min: 0 }),
  'linger.ms': field.long({ doc: 'How long a batch waits for more records.', default: 5, min: 0, max: 2 ** 53 - 1 }),
  'buffer.memory': field.long({ doc: 'Bytes of unanswered records.', default: 33_554_432, min: 0, max: 2 ** 53 - 1 }),
  'max.request.size': field.int({ doc: 'Most bytes of a request.', default: 1_048_576, min: 0 }),
  'compression.type': field.oneOf(['none', 'gzip', 'snappy', 'lz4', 'zstd'], { doc: 'Codec.', default: 'none' }),
  'compression.gzip.level': field.int({ doc: 'Level of gzip; -1 is its default.', default: -1, min: -1, max: 9 }),
  'compression.zstd.level': field.int({ doc: 'Level of zstd.', default: 3, min: -131_072, max: 22 }),
  'delivery.timeout.ms': field.int({ doc: 'How long delivery may take.', default: 120_000, min: 0 }),
  'max.block.ms': field.long({ doc: 'How long a record may wait for room or its topic.', default: 60_000, min: 0 }),
  retries: field.int({ doc: 'Attempts that may follow the first.', default: 2147483647, min: 0 }),
  'transactional.id': field.string({ doc: 'Id of a transactional producer.', optional: true }),
})

/** The keys of the producer that have an effect. */
export const producerSpec: ConfigSpec = spec

type ProducerConfig = Config<typeof spec>

const acksByText: Readonly<Record<string, Acks>> = { all: 'all', '-1': 'all', '0': 'none', '1': 'leader' }

/** The options of the producer and of its connections. */
export function readProducer(props: Props): { readonly client: ClientOptions; readonly options: ProducerOptions } {
  const config = requireConfig(spec, props)
  return { client: readConnection(config, props), options: readOptions(config, props) }
}

function readOptions(config: ProducerConfig, props: Props): ProducerOptions {
  if (config['transactional.id'] !== undefined) {
    throw invalid(
      'transactional.id',
      'Invalid value for configuration transactional.id: this version has no transactions',
    )
  }
  const compression = readCompression(config['compression.type'])
  const deliveryTimeoutMs = config['delivery.timeout.ms']
  refuseShortDelivery(config, props)
  const options: ProducerOptions = {
    acks: acksByText[config.acks] ?? 'all',
    // Left to the other settings unless it was asked for.
    ...(Object.hasOwn(props, 'enable.idempotence') ? { idempotence: config['enable.idempotence'] } : {}),
    maxInFlight: config['max.in.flight.requests.per.connection'],
    batchSize: config['batch.size'],
    lingerMs: config['linger.ms'],
    bufferMemory: config['buffer.memory'],
    maxRequestSize: config['max.request.size'],
    compression,
    compressionLevel: levelOf(config, compression),
    deliveryTimeoutMs: deliveryTimeoutMs === forEver ? Infinity : deliveryTimeoutMs,
    maxBlockMs: milliseconds(config['max.block.ms']),
    retries: config.retries,
  }
  refuseContradictions(options)
  return options
}

function readCompression(type: string): Compression {
  if (type === 'none' || type === 'gzip' || type === 'zstd') return type
  const text = `Invalid value ${type} for configuration compression.type: this version has none, gzip and zstd`
  throw invalid('compression.type', text)
}

function levelOf(config: ProducerConfig, compression: Compression): number | null {
  if (compression === 'zstd') return config['compression.zstd.level']
  if (compression === 'gzip' && config['compression.gzip.level'] > 0) return config['compression.gzip.level']
  return null
}

function refuseShortDelivery(config: ProducerConfig, props: Props): void {
  const isTooShort = config['delivery.timeout.ms'] < config['linger.ms'] + config['request.timeout.ms']
  if (!isTooShort || !Object.hasOwn(props, 'delivery.timeout.ms')) return
  const text = 'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms'
  throw invalid('delivery.timeout.ms', text)
}

function refuseContradictions(options: ProducerOptions): void {
  try {
    resolveProducerOptions(options)
  } catch (error) {
    throw error instanceof KafkaError ? invalid('enable.idempotence', error.message) : error
  }
}
