import type { ClientOptions, ConsumerOptions, GroupTimeouts, ProducerOptions } from './ports.ts'

/** What `clientOptionsFromProps` makes of Kafka's keys. */
export interface ClientOptionsByKind {
  readonly producer: { readonly options: ProducerOptions }
  readonly consumer: {
    readonly options: ConsumerOptions
    readonly group: GroupTimeouts & {
      readonly groupId: string | null
      readonly groupInstanceId: string | null
      readonly maxPollIntervalMs: number
    }
    /** `max.poll.records`, for `poll`. */
    readonly maxPollRecords: number
  }
  readonly admin: { readonly options: null }
}

export interface ParsedClientOptions {
  /** For `createKafkaClient`. */
  readonly client: ClientOptions
  /** Keys of Kafka's that are legal and have no effect here, to be named in a warning (I3). */
  readonly ignored: readonly string[]
  /** Keys that no Kafka client of this kind knows. */
  readonly unknown: readonly string[]
}
