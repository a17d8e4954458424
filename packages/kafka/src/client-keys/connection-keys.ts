import { ConfigError, field } from '@sluice/api'
import type { ConfigField, Props } from '@sluice/api'
import { parseAddress } from '../connection/broker-address.ts'
import type { ClientOptions } from '../ports.ts'

interface ConnectionConfig {
  readonly 'bootstrap.servers': readonly string[]
  readonly 'client.id': string
  readonly 'request.timeout.ms': number
  readonly 'retry.backoff.ms': number
  readonly 'retry.backoff.max.ms': number
  readonly 'reconnect.backoff.ms': number
  readonly 'reconnect.backoff.max.ms': number
  readonly 'metadata.max.age.ms': number
  readonly 'connections.max.idle.ms': number | bigint
  readonly 'socket.connection.setup.timeout.ms': number | bigint
  readonly 'security.protocol': 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
}

/** The keys that every kind of client has. */
export const connectionFields: { readonly [K in keyof ConnectionConfig]: ConfigField<ConnectionConfig[K]> } = {
  'bootstrap.servers': field.list({ doc: 'Brokers to connect to first, each host:port.', importance: 'high' }),
  'client.id': field.string({ doc: 'Name of the client in the logs of brokers.', default: '' }),
  'request.timeout.ms': field.int({ doc: 'How long a broker may take to answer.', default: 30_000, min: 0 }),
  'retry.backoff.ms': field.long({ doc: 'Pause before the first retry.', default: 100, min: 0, max: 2 ** 53 - 1 }),
  'retry.backoff.max.ms': field.long({ doc: 'Longest pause before a retry.', default: 1000, min: 0, max: 2 ** 53 - 1 }),
  'reconnect.backoff.ms': field.long({ doc: 'Pause before reconnecting.', default: 50, min: 0, max: 2 ** 53 - 1 }),
  'reconnect.backoff.max.ms': field.long({
    doc: 'Longest pause before reconnecting.',
    default: 1000,
    min: 0,
    max: 2 ** 53 - 1,
  }),
  'metadata.max.age.ms': field.long({
    doc: 'How long metadata is believed.',
    default: 300_000,
    min: 0,
    max: 2 ** 53 - 1,
  }),
  'connections.max.idle.ms': field.long({ doc: 'When an idle connection is closed.', default: 540_000 }),
  'socket.connection.setup.timeout.ms': field.long({ doc: 'How long connecting may take.', default: 10_000 }),
  'security.protocol': field.oneOf(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], {
    doc: 'How brokers are talked to.',
    default: 'PLAINTEXT',
    ignoreCase: true,
  }),
}

/** The options of the connections. */
export function readConnection(config: ConnectionConfig & Partial<ApiTimeout>, props: Props): ClientOptions {
  refuseSecurity(config)
  return {
    bootstrapServers: readBootstrap(config['bootstrap.servers']),
    clientId: config['client.id'],
    requestTimeoutMs: config['request.timeout.ms'],
    // The producer has max.block.ms and delivery.timeout.ms in its place.
    apiTimeoutMs: config['default.api.timeout.ms'] ?? 60_000,
    connectTimeoutMs: milliseconds(config['socket.connection.setup.timeout.ms']),
    reconnectBackoffMs: config['reconnect.backoff.ms'],
    reconnectBackoffMaxMs: config['reconnect.backoff.max.ms'],
    retryBackoffMs: config['retry.backoff.ms'],
    retryBackoffMaxMs: backoffMax(config, props),
    metadataMaxAgeMs: config['metadata.max.age.ms'],
    connectionsMaxIdleMs: idle(config['connections.max.idle.ms']),
  }
}

interface ApiTimeout {
  readonly 'default.api.timeout.ms': number
}

/** The longest back-off follows a first one that is set above it, as in Java. */
function backoffMax(config: ConnectionConfig, props: Props): number {
  const [first, max] = [config['retry.backoff.ms'], config['retry.backoff.max.ms']]
  return Object.hasOwn(props, 'retry.backoff.max.ms') ? max : Math.max(first, max)
}

function readBootstrap(servers: readonly string[]): readonly string[] {
  const key = 'bootstrap.servers'
  if (servers.length === 0) throw invalid(key, 'No resolvable bootstrap urls given in bootstrap.servers')
  for (const server of servers) {
    if (parseAddress(server) === null) throw invalid(key, `Invalid url in bootstrap.servers: ${server}`)
  }
  return servers
}

/** Never in the clear what was meant to be encrypted. */
function refuseSecurity(config: ConnectionConfig): void {
  const protocol = config['security.protocol']
  if (protocol === 'PLAINTEXT') return
  const text = `Invalid value ${protocol} for configuration security.protocol: this version connects by PLAINTEXT only`
  throw invalid('security.protocol', text)
}

/** The error for one key. */
export function invalid(key: string, message: string): ConfigError {
  return new ConfigError(message, [{ key, message }])
}

/** A LONG of milliseconds: Java's largest means for ever. */
export function milliseconds(value: number | bigint): number {
  const number = Number(value)
  return number >= Number.MAX_SAFE_INTEGER ? Infinity : number
}

/** A negative idle time means never. */
function idle(value: number | bigint): number {
  const number = milliseconds(value)
  return number < 0 ? Infinity : number
}
