import { errorCode } from '@sluice/kafka/protocol'
import { storageRefusal } from '../topics/create-topic.ts'
import type { Handler } from './handler.ts'

/** An id for an idempotent producer. There are no transactions here, and a producer that asks for one is told so. */
export const handleInitProducerId: Handler<'InitProducerId'> = (broker, request) => {
  if (request.transactionalId !== null)
    return { errorCode: errorCode.UNSUPPORTED_VERSION, producerId: -1n, producerEpoch: -1 }
  try {
    return { errorCode: errorCode.NONE, producerId: BigInt(broker.cluster.newProducerId()), producerEpoch: 0 }
  } catch (error) {
    storageRefusal(broker, 'reserving producer ids', error)
    // As Kafka answers while ids cannot be had: to be tried again.
    return { errorCode: errorCode.COORDINATOR_LOAD_IN_PROGRESS, producerId: -1n, producerEpoch: -1 }
  }
}
