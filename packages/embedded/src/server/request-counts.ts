/** What the server has seen since it was started. */
export interface RequestCounts {
  /** Connections that are open now. */
  connections: number
  requests: number
  /** Connections that were ended because what came over them was not the Kafka protocol. */
  malformedRequests: number
  /** Connections that were ended because they asked for an API or a version that this broker lacks. */
  unsupportedRequests: number
  /** Requests that ran into a fault of the broker's own. */
  failedRequests: number
}

/** Nothing yet. */
export function createRequestCounts(): RequestCounts {
  return { connections: 0, requests: 0, malformedRequests: 0, unsupportedRequests: 0, failedRequests: 0 }
}
