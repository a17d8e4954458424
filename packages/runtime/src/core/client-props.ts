import type { Props } from '@sluice/api'

/** Which Kafka client of a connector the properties are for. */
export type ClientKind = 'producer' | 'consumer' | 'admin'

const fixed: Readonly<Record<ClientKind, Props>> = {
  producer: {
    acks: 'all',
    'delivery.timeout.ms': '2147483647',
    'max.block.ms': '9223372036854775807',
    // Ours, not Connect's (16384): a task has one destination most of the time, and each request costs a round trip.
    // A batch that is too large for its topic is split by the producer.
    'batch.size': '131072',
  },
  consumer: { 'auto.offset.reset': 'earliest' },
  admin: {},
}

/**
 * The properties of a connector's client, later ones winning: Connect's fixed ones, the worker's with the client's
 * prefix, the connector's overrides. Of the worker's unprefixed keys a producer or consumer inherits
 * `bootstrap.servers` alone; an admin client inherits them all.
 */
export function clientProps(kind: ClientKind, clientId: string, worker: Props, connector: Props): Props {
  return {
    ...(kind === 'admin' ? unprefixed(worker) : {}),
    'bootstrap.servers': worker['bootstrap.servers'] ?? null,
    'client.id': clientId,
    ...fixed[kind],
    ...stripped(worker, `${kind}.`),
    ...stripped(connector, `${kind}.override.`),
  }
}

/** The group of a sink connector's tasks: `connect-NAME`, unless worker or connector say otherwise. */
export function sinkGroupId(connectorName: string, worker: Props, connector: Props): string {
  return connector['consumer.override.group.id'] ?? worker['consumer.group.id'] ?? `connect-${connectorName}`
}

function unprefixed(worker: Props): Props {
  const isOthers = (key: string): boolean =>
    ['admin.', 'producer.', 'consumer.'].some((prefix) => key.startsWith(prefix))
  return Object.fromEntries(Object.entries(worker).filter(([key]) => !isOthers(key)))
}

function stripped(props: Props, prefix: string): Props {
  return Object.fromEntries(
    Object.entries(props).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  )
}
