import { errorCode } from '@sluice/kafka/protocol'
import { nodeId, type Broker } from '../broker.ts'
import type { Handler } from './handler.ts'

const groupKey = 0

interface Coordinator {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Who coordinates a group: this broker. Nobody coordinates transactions, and who asks for that is told so. */
export const handleFindCoordinator: Handler<'FindCoordinator'> = (broker, request, call) => {
  if (call.version < 4) return findCoordinator(broker, request.keyType, request.key)
  return {
    coordinators: request.coordinatorKeys.map((key) => ({ key, ...findCoordinator(broker, request.keyType, key) })),
  }
}

function findCoordinator(broker: Broker, keyType: number, key: string): Coordinator {
  if (keyType !== groupKey)
    return nobody(errorCode.UNSUPPORTED_VERSION, 'The embedded broker coordinates consumer groups, not transactions.')
  if (key === '') return nobody(errorCode.INVALID_GROUP_ID, 'The group id is empty.')
  return { nodeId, host: broker.host, port: broker.port, errorCode: errorCode.NONE, errorMessage: null }
}

function nobody(code: number, message: string): Coordinator {
  return { nodeId: -1, host: '', port: -1, errorCode: code, errorMessage: message }
}
