import type { ConsumerOptions } from '../ports.ts'
import { withDefaults } from '../with-defaults.ts'

/** ConsumerOptions with the defaults filled in. */
export type ConsumerSettings = Required<ConsumerOptions>

const defaults: ConsumerSettings = {
  offsetReset: 'latest',
  isolationLevel: 'read_uncommitted',
  fetchMinBytes: 1,
  fetchMaxBytes: 52_428_800,
  maxPartitionFetchBytes: 1_048_576,
  fetchMaxWaitMs: 500,
  checkCrcs: true,
  allowAutoCreateTopics: true,
}

/** Fills in Apache's defaults. */
export function resolveConsumerOptions(options: ConsumerOptions): ConsumerSettings {
  return withDefaults(defaults, options)
}
