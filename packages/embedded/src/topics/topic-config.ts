import type { LogSettings } from '../log/partition-log.ts'

type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'LONG' | 'DOUBLE' | 'LIST'

/** A setting of topics as DescribeConfigs shows it. */
export interface TopicConfigKey {
  readonly name: string
  readonly type: ConfigType
  readonly default: string
  /** For numbers. */
  readonly min?: number
  /** For strings and lists. */
  readonly oneOf?: readonly string[]
  /** Whether this broker obeys it; the others are kept and shown. */
  readonly hasEffect?: true
}

const longMax = '9223372036854775807'

/** The settings that Kafka's topics have, with its defaults. */
export const topicConfigKeys: readonly TopicConfigKey[] = [
  { name: 'cleanup.policy', type: 'LIST', default: 'delete', oneOf: ['compact', 'delete'] },
  { name: 'compression.gzip.level', type: 'INT', default: '-1', min: -1 },
  { name: 'compression.lz4.level', type: 'INT', default: '9', min: 1 },
  {
    name: 'compression.type',
    type: 'STRING',
    default: 'producer',
    oneOf: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  },
  { name: 'compression.zstd.level', type: 'INT', default: '3' },
  { name: 'delete.retention.ms', type: 'LONG', default: '86400000', min: 0 },
  { name: 'file.delete.delay.ms', type: 'LONG', default: '60000', min: 0 },
  { name: 'flush.messages', type: 'LONG', default: longMax, min: 1 },
  { name: 'flush.ms', type: 'LONG', default: longMax, min: 0 },
  { name: 'follower.replication.throttled.replicas', type: 'LIST', default: '' },
  { name: 'index.interval.bytes', type: 'INT', default: '4096', min: 0 },
  { name: 'leader.replication.throttled.replicas', type: 'LIST', default: '' },
  { name: 'local.retention.bytes', type: 'LONG', default: '-2', min: -2 },
  { name: 'local.retention.ms', type: 'LONG', default: '-2', min: -2 },
  { name: 'max.compaction.lag.ms', type: 'LONG', default: longMax, min: 1 },
  { name: 'max.message.bytes', type: 'INT', default: '1048588', min: 0, hasEffect: true },
  { name: 'message.timestamp.after.max.ms', type: 'LONG', default: '3600000', min: 0, hasEffect: true },
  { name: 'message.timestamp.before.max.ms', type: 'LONG', default: longMax, min: 0, hasEffect: true },
  {
    name: 'message.timestamp.type',
    type: 'STRING',
    default: 'CreateTime',
    oneOf: ['CreateTime', 'LogAppendTime'],
    hasEffect: true,
  },
  { name: 'min.cleanable.dirty.ratio', type: 'DOUBLE', default: '0.5', min: 0 },
  { name: 'min.compaction.lag.ms', type: 'LONG', default: '0', min: 0 },
  { name: 'min.insync.replicas', type: 'INT', default: '1', min: 1 },
  { name: 'preallocate', type: 'BOOLEAN', default: 'false' },
  { name: 'remote.log.copy.disable', type: 'BOOLEAN', default: 'false' },
  { name: 'remote.log.delete.on.disable', type: 'BOOLEAN', default: 'false' },
  { name: 'remote.storage.enable', type: 'BOOLEAN', default: 'false' },
  { name: 'retention.bytes', type: 'LONG', default: '-1', min: -2 },
  { name: 'retention.ms', type: 'LONG', default: '604800000', min: -1 },
  { name: 'segment.bytes', type: 'INT', default: '1073741824', min: 14, hasEffect: true },
  { name: 'segment.index.bytes', type: 'INT', default: '10485760', min: 4 },
  { name: 'segment.jitter.ms', type: 'LONG', default: '0', min: 0 },
  { name: 'segment.ms', type: 'LONG', default: '604800000', min: 1 },
  { name: 'unclean.leader.election.enable', type: 'BOOLEAN', default: 'false' },
]

const byName = new Map(topicConfigKeys.map((key) => [key.name, key]))

/** The setting of this name. */
export function topicConfigKey(name: string): TopicConfigKey | undefined {
  return byName.get(name)
}

/** What is wrong with setting the name to the value, in Kafka's words; null if nothing is. */
export function topicConfigProblem(name: string, value: string): string | null {
  const key = byName.get(name)
  if (key === undefined) return `Unknown topic config name: ${name}`
  const why = valueProblem(key, value.trim())
  return why === null ? null : `Invalid value ${value} for configuration ${name}: ${why}`
}

function valueProblem(key: TopicConfigKey, value: string): string | null {
  if (key.type === 'BOOLEAN')
    return /^(?:true|false)$/i.test(value) ? null : 'Expected value to be either true or false'
  if (key.type === 'STRING' || key.type === 'LIST') return choiceProblem(key, value)
  return numberProblem(key, value)
}

function choiceProblem(key: TopicConfigKey, value: string): string | null {
  const { oneOf } = key
  if (oneOf === undefined) return null
  const chosen = key.type === 'LIST' ? listItems(value) : [value]
  return chosen.every((item) => oneOf.includes(item)) ? null : `String must be one of: ${oneOf.join(', ')}`
}

function numberProblem(key: TopicConfigKey, value: string): string | null {
  if (key.type === 'DOUBLE') {
    const n = value === '' ? NaN : Number(value)
    return Number.isNaN(n) ? `Not a number of type ${key.type}` : belowMin(key, n, value)
  }
  if (!/^[+-]?\d+$/.test(value)) return `Not a number of type ${key.type}`
  const n = BigInt(value)
  if (BigInt.asIntN(key.type === 'INT' ? 32 : 64, n) !== n) return `Not a number of type ${key.type}`
  return belowMin(key, Number(n), value)
}

function belowMin(key: TopicConfigKey, n: number, value: string): string | null {
  return key.min !== undefined && n < key.min ? `Value must be at least ${key.min}, not ${value}` : null
}

/** The items of a list as Kafka reads it: between commas, without the space around them. */
export function listItems(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/**
 * Segments are smaller than Kafka's default however large they may be: after kill -9 the last two of a log are read
 * whole, and that should take a fraction of a second.
 */
const largestSegment = 128 * 1024 * 1024

/** What the logs of a topic with these settings obey. */
export function logSettings(configs: ReadonlyMap<string, string>): LogSettings {
  const value = (name: string): string => (configs.get(name) ?? byName.get(name)?.default ?? '').trim()
  return {
    maxMessageBytes: Number(value('max.message.bytes')),
    segmentBytes: Math.min(Number(value('segment.bytes')), largestSegment),
    timestampBeforeMaxMs: Number(value('message.timestamp.before.max.ms')),
    timestampAfterMaxMs: Number(value('message.timestamp.after.max.ms')),
    timestampType: value('message.timestamp.type') === 'LogAppendTime' ? 'LogAppendTime' : 'CreateTime',
  }
}
