import type { Logger } from '@sluice/api'
import type { BackoffBounds } from './connection/backoff.ts'
import { parseAddress } from './connection/broker-address.ts'
import type { BrokerAddress } from './connection/broker-address.ts'
import type { ConnectionOptions } from './connection/connection.ts'
import { KafkaError } from './errors/kafka-error.ts'
import type { ClientOptions } from './ports.ts'

/** ClientOptions with the defaults filled in, in the shape that the parts of the client use. */
export interface ClientSettings {
  readonly bootstrap: readonly BrokerAddress[]
  readonly connection: ConnectionOptions
  readonly apiTimeoutMs: number
  readonly reconnect: BackoffBounds
  readonly retry: BackoffBounds
  readonly metadataMaxAgeMs: number
  readonly log: Logger
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * Fills in Apache's defaults.
 * @throws KafkaError INVALID_CONFIG in Kafka's words when there is no usable bootstrap server
 */
export function resolveClientOptions(options: ClientOptions): ClientSettings {
  return {
    bootstrap: readBootstrap(options.bootstrapServers),
    connection: {
      clientId: options.clientId,
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      idleMs: options.connectionsMaxIdleMs ?? 540_000,
    },
    apiTimeoutMs: options.apiTimeoutMs ?? 60_000,
    reconnect: { firstMs: options.reconnectBackoffMs ?? 50, maxMs: options.reconnectBackoffMaxMs ?? 1000 },
    retry: { firstMs: options.retryBackoffMs ?? 100, maxMs: options.retryBackoffMaxMs ?? 1000 },
    metadataMaxAgeMs: options.metadataMaxAgeMs ?? 300_000,
    log: options.log ?? silent,
  }
}

function readBootstrap(servers: readonly string[]): readonly BrokerAddress[] {
  if (servers.length === 0) {
    throw new KafkaError('INVALID_CONFIG', 'No resolvable bootstrap urls given in bootstrap.servers')
  }
  return servers.map((server) => {
    const address = parseAddress(server)
    if (address !== null) return address
    throw new KafkaError('INVALID_CONFIG', `Invalid url in bootstrap.servers: ${server}`)
  })
}
