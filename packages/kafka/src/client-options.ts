import { unknownKeys } from '@sluice/api'
import type { ConfigSpec, Props } from '@sluice/api'
import { ignoredKeys, isUnusedInApache } from './client-keys/ignored-keys.ts'
import { adminSpec, readAdmin } from './client-keys/admin-keys.ts'
import { consumerSpec, readConsumer } from './client-keys/consumer-keys.ts'
import type { ConsumerClientOptions } from './client-keys/consumer-keys.ts'
import { producerSpec, readProducer } from './client-keys/producer-keys.ts'
import type { ClientOptions, ProducerOptions } from './ports.ts'

/** What `clientOptionsFromProps` makes of the keys of each kind of client. */
export interface ClientOptionsByKind {
  readonly producer: { readonly options: ProducerOptions }
  readonly consumer: ConsumerClientOptions
  readonly admin: { readonly options: null }
}

/** What it makes of any client's. */
export interface ParsedClientOptions {
  /** For `createKafkaClient`, which takes a log besides. */
  readonly client: ClientOptions
  /** Keys that mean something to Apache's client and nothing here, to be named in a warning (I3). */
  readonly ignored: readonly string[]
  /** Keys that no Kafka client of this kind knows, with the nearest that one does. */
  readonly unknown: readonly { readonly key: string; readonly nearest: string | null }[]
}

/** The options of one kind of client. */
export type OptionsOf<K extends keyof ClientOptionsByKind> = ParsedClientOptions & ClientOptionsByKind[K]

/**
 * Reads the properties of a Kafka client under their own names, with Apache's defaults.
 * @throws ConfigError naming each key whose value is malformed, contradicts another, or asks for what is not there yet
 */
export function clientOptionsFromProps<K extends keyof ClientOptionsByKind>(props: Props, kind: K): OptionsOf<K> {
  // One entry for each kind: the compiler cannot see that K picks the entry of its own name.
  return readers[kind](props) as OptionsOf<K>
}

const readers: { readonly [K in keyof ClientOptionsByKind]: (props: Props) => OptionsOf<K> } = {
  producer: (props) => ({ ...readProducer(props), ...withoutEffect(props, producerSpec) }),
  consumer: (props) => ({ ...readConsumer(props), ...withoutEffect(props, consumerSpec) }),
  admin: (props) => ({ ...readAdmin(props), ...withoutEffect(props, adminSpec) }),
}

function withoutEffect(props: Props, spec: ConfigSpec): Pick<ParsedClientOptions, 'ignored' | 'unknown'> {
  const rest = unknownKeys(spec, props).filter(({ key }) => !isUnusedInApache(key))
  return {
    ignored: rest.filter(({ key }) => ignoredKeys.has(key)).map(({ key }) => key),
    unknown: rest.filter(({ key }) => !ignoredKeys.has(key)),
  }
}
