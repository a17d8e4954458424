import type { ClientSettings } from '../client-settings.ts'
import { withRetries } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { ProducerIdentity } from './producer-batch.ts'

const largestEpoch = 32767

/**
 * Asks for a producer id, again and again until a broker gives one.
 * @throws KafkaError when none will ever be given: not authorised, not supported, or the client was closed
 */
export async function initProducerId(
  metadata: Metadata,
  settings: ClientSettings,
  signal: AbortSignal,
): Promise<ProducerIdentity> {
  const doing = 'Asking for a producer id'
  return await withRetries(doing, { timeoutMs: Infinity, backoff: settings.retry, signal }, () =>
    metadata.anyBroker(async (connection) => {
      const answer = await connection.call('InitProducerId', {
        transactionalId: null,
        transactionTimeoutMs: 2147483647,
      })
      if (answer.errorCode !== errorCode.NONE) throw errorFromCode(answer.errorCode, doing)
      return { producerId: answer.producerId, epoch: answer.producerEpoch }
    }),
  )
}

/** The same id in its next epoch; null when the epochs are used up and a new id is needed. */
export function nextEpoch(identity: ProducerIdentity): ProducerIdentity | null {
  return identity.epoch >= largestEpoch ? null : { producerId: identity.producerId, epoch: identity.epoch + 1 }
}
