import type { ProducerOptions } from '../ports.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import { withDefaults } from '../with-defaults.ts'

/** ProducerOptions with the defaults filled in. */
export type ProducerSettings = Required<ProducerOptions>

/** Brokers remember this many batches of a producer and partition: with more under way, a repeat could pass for new. */
const maxInFlightIdempotent = 5

const defaults: ProducerSettings = {
  acks: 'all',
  idempotence: true,
  maxInFlight: 5,
  batchSize: 16_384,
  lingerMs: 5,
  bufferMemory: 33_554_432,
  maxRequestSize: 1_048_576,
  compression: 'none',
  compressionLevel: null,
  deliveryTimeoutMs: 120_000,
  maxBlockMs: 60_000,
  retries: 2147483647,
}

/**
 * Fills in Apache's defaults. Without word on idempotence it is on where the other settings allow it.
 * @throws KafkaError INVALID_CONFIG in Apache's words for settings that contradict each other
 */
export function resolveProducerOptions(options: ProducerOptions): ProducerSettings {
  const settings = withDefaults(defaults, options)
  if (options.idempotence === undefined && !allowsIdempotence(settings)) return { ...settings, idempotence: false }
  if (settings.idempotence) refuseContradictions(settings)
  return settings
}

function allowsIdempotence(settings: ProducerSettings): boolean {
  return settings.acks === 'all' && settings.maxInFlight <= maxInFlightIdempotent && settings.retries > 0
}

function refuseContradictions(settings: ProducerSettings): void {
  if (settings.retries === 0) throw invalid('Must set retries to non-zero when using the idempotent producer.')
  if (settings.acks !== 'all') {
    throw invalid(
      'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.',
    )
  }
  if (settings.maxInFlight > maxInFlightIdempotent) {
    throw invalid('Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.')
  }
}

function invalid(message: string): KafkaError {
  return new KafkaError('INVALID_CONFIG', message)
}
