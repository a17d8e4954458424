import { configSpec, field, requireConfig } from '@sluice/api'
import type { Config, ConfigSpec, Props } from '@sluice/api'
import type { ClientOptions, ConsumerOptions, GroupTimeouts, OffsetReset } from '../ports.ts'
import { connectionFields, invalid, readConnection } from './connection-keys.ts'

const spec = configSpec({
  ...connectionFields,
  'default.api.timeout.ms': field.int({ doc: 'How long a call may take, retries included.', default: 60_000, min: 0 }),
  'group.id': field.string({ doc: 'The consumer group.', optional: true }),
  'group.instance.id': field.string({ doc: 'Name of a static member.', optional: true }),
  'session.timeout.ms': field.int({ doc: 'When a silent member is given up.', default: 45_000 }),
  'heartbeat.interval.ms': field.int({ doc: 'Time between heartbeats.', default: 3_000 }),
  'max.poll.interval.ms': field.int({ doc: 'Most time between polls.', default: 300_000, min: 1 }),
  'max.poll.records': field.int({ doc: 'Most records of a poll.', default: 500, min: 1 }),
  'auto.offset.reset': field.string({ doc: 'Where to begin without a position.', default: 'latest' }),
  'isolation.level': field.oneOf(['read_committed', 'read_uncommitted'], {
    doc: 'Whether records of aborted transactions are read.',
    default: 'read_uncommitted',
  }),
  'fetch.min.bytes': field.int({ doc: 'Fewest bytes that a broker answers with.', default: 1, min: 0 }),
  'fetch.max.bytes': field.int({ doc: 'Most bytes of a fetch.', default: 52_428_800, min: 0 }),
  'max.partition.fetch.bytes': field.int({ doc: 'Most bytes of a partition.', default: 1_048_576, min: 0 }),
  'fetch.max.wait.ms': field.int({ doc: 'How long a broker waits for bytes.', default: 500, min: 0 }),
  'check.crcs': field.boolean({ doc: 'Check that batches are intact.', default: true }),
  'allow.auto.create.topics': field.boolean({ doc: 'Create the topics that are read.', default: true }),
})

/** The keys of the consumer that have an effect. */
export const consumerSpec: ConfigSpec = spec

type ConsumerConfig = Config<typeof spec>

/** A consumer's options, divided among its halves: the host's reader and the member on the control plane. */
export interface ConsumerClientOptions {
  readonly options: ConsumerOptions
  readonly group: GroupTimeouts & {
    readonly groupId: string | null
    readonly groupInstanceId: string | null
    readonly maxPollIntervalMs: number
    readonly allowAutoCreateTopics: boolean
  }
  /** `max.poll.records`, for `poll`. */
  readonly maxPollRecords: number
}

/** The options of the consumer and of its connections. */
export function readConsumer(props: Props): ConsumerClientOptions & { readonly client: ClientOptions } {
  const config = requireConfig(spec, props)
  return { client: readConnection(config, props), ...readOptions(config) }
}

function readOptions(config: ConsumerConfig): ConsumerClientOptions {
  if (config['heartbeat.interval.ms'] >= config['session.timeout.ms']) {
    throw invalid('heartbeat.interval.ms', 'Heartbeat must be set lower than the session timeout')
  }
  const allowAutoCreateTopics = config['allow.auto.create.topics']
  return {
    options: {
      offsetReset: readReset(config['auto.offset.reset']),
      isolationLevel: config['isolation.level'],
      fetchMinBytes: config['fetch.min.bytes'],
      fetchMaxBytes: config['fetch.max.bytes'],
      maxPartitionFetchBytes: config['max.partition.fetch.bytes'],
      fetchMaxWaitMs: config['fetch.max.wait.ms'],
      checkCrcs: config['check.crcs'],
      allowAutoCreateTopics,
    },
    group: {
      groupId: config['group.id'] ?? null,
      groupInstanceId: config['group.instance.id'] ?? null,
      sessionTimeoutMs: config['session.timeout.ms'],
      heartbeatIntervalMs: config['heartbeat.interval.ms'],
      maxPollIntervalMs: config['max.poll.interval.ms'],
      rebalanceTimeoutMs: config['max.poll.interval.ms'],
      allowAutoCreateTopics,
    },
    maxPollRecords: config['max.poll.records'],
  }
}

function readReset(text: string): OffsetReset {
  if (text === 'earliest' || text === 'latest' || text === 'none') return text
  const reason = `Invalid value ${text} for configuration auto.offset.reset: this version has earliest, latest and none`
  throw invalid('auto.offset.reset', reason)
}
