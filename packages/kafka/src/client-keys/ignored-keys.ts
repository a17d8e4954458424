/** Keys that Apache's clients obey and ours do not, for now or for good. */
export const ignoredKeys: ReadonlySet<string> = new Set([
  'auto.commit.interval.ms',
  'auto.include.jmx.reporter',
  'bootstrap.controllers',
  'client.dns.lookup',
  'client.rack',
  'compression.lz4.level',
  'config.providers',
  'enable.auto.commit',
  'enable.metrics.push',
  'exclude.internal.topics',
  'group.protocol',
  'group.remote.assignor',
  'interceptor.classes',
  'metadata.max.idle.ms',
  'metadata.recovery.rebootstrap.trigger.ms',
  'metadata.recovery.strategy',
  'metric.reporters',
  'metrics.num.samples',
  'metrics.recording.level',
  'metrics.sample.window.ms',
  'partition.assignment.strategy',
  'partitioner.adaptive.partitioning.enable',
  'partitioner.availability.timeout.ms',
  'partitioner.class',
  'partitioner.ignore.keys',
  'receive.buffer.bytes',
  'security.providers',
  'send.buffer.bytes',
  'share.acknowledgement.mode',
  'share.acquire.mode',
  'socket.connection.setup.timeout.max.ms',
  'transaction.timeout.ms',
  'transaction.two.phase.commit.enable',
])

/**
 * Whether the key has no effect in Apache's client either, given what else we accept: security settings without
 * security, names of Java serialisers where records are bytes, labels of metrics.
 */
export function isUnusedInApache(key: string): boolean {
  return /^(?:ssl|sasl)\.|^metrics\.context\.|\.(?:de)?serializer$/.test(key)
}
