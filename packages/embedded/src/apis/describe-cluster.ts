import { errorCode } from '@sluice/kafka/protocol'
import { nodeId } from '../broker.ts'
import type { Handler } from './handler.ts'

const brokersEndpoint = 1

/** The cluster: this broker. */
export const handleDescribeCluster: Handler<'DescribeCluster'> = (broker, request) => {
  const isRightPlace = request.endpointType === brokersEndpoint
  return {
    errorCode: isRightPlace ? errorCode.NONE : errorCode.MISMATCHED_ENDPOINT_TYPE,
    errorMessage: isRightPlace ? null : 'The request was sent to an endpoint of the wrong type.',
    clusterId: broker.cluster.clusterId,
    controllerId: nodeId,
    brokers: [{ brokerId: nodeId, host: broker.host, port: broker.port }],
  }
}
