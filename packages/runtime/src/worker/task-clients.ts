import type { Logger, Props } from '@sluice/api'
import {
  clientOptionsFromProps,
  type ConsumerPort,
  createKafkaClient,
  type ParsedClientOptions,
  type ProducerPort,
} from '@sluice/kafka'
import { type ClientKind, clientProps } from '../core/client-props.ts'

/** Whose client it is, and what it is made of. */
export interface TaskClientInput {
  /** `connector-0`. */
  readonly label: string
  readonly workerProps: Props
  readonly connectorConfig: Props
  readonly log: Logger
}

/** A port with the connections behind it. */
export interface OwnedPort<P> {
  readonly port: P
  /** Ends the connections: after the port itself was closed. */
  close(): Promise<void>
}

export function openProducer(input: TaskClientInput): OwnedPort<ProducerPort> {
  const parsed = clientOptionsFromProps(propsOf(input, 'producer'), 'producer')
  warnOfIgnored(input, 'producer', parsed)
  const client = createKafkaClient({ ...parsed.client, log: input.log })
  return { port: client.producer(parsed.options), close: () => client.close() }
}

export interface TaskConsumer extends OwnedPort<ConsumerPort> {
  readonly maxPollRecords: number
}

export function openConsumer(input: TaskClientInput): TaskConsumer {
  const parsed = clientOptionsFromProps(propsOf(input, 'consumer'), 'consumer')
  warnOfIgnored(input, 'consumer', parsed)
  const client = createKafkaClient({ ...parsed.client, log: input.log })
  return { port: client.consumer(parsed.options), close: () => client.close(), maxPollRecords: parsed.maxPollRecords }
}

function propsOf({ label, workerProps, connectorConfig }: TaskClientInput, kind: ClientKind): Props {
  return clientProps(kind, `connector-${kind}-${label}`, workerProps, connectorConfig)
}

// I3: a key of Kafka's that does nothing here is named, once for each client.
function warnOfIgnored({ log }: TaskClientInput, kind: ClientKind, { ignored, unknown }: ParsedClientOptions): void {
  if (ignored.length > 0) log.warn(`Settings of the ${kind} have no effect.`, { keys: ignored.join(', ') })
  for (const { key, nearest } of unknown) {
    log.warn(`A setting of the ${kind} is unknown to Kafka.`, { key, ...(nearest === null ? {} : { nearest }) })
  }
}
