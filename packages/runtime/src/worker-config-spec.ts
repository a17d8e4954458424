import {
  type ConfigSpec,
  configSpec,
  type EvaluateOptions,
  field,
  mergeSpecs,
  type Props,
  requireConfig,
} from '@sluice/api'
import { validList } from '@sluice/api'

const low = { importance: 'low' } as const

/** What every worker has: brokers, converters, commits. */
const generalSpec = configSpec({
  'bootstrap.servers': field.list({
    doc: 'Kafka brokers to begin with, as host:port.',
    importance: 'high',
    check: validList({ allowEmpty: false }),
  }),
  'client.dns.lookup': field.oneOf(['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'], {
    doc: 'How names of brokers are resolved.',
    default: 'use_all_dns_ips',
  }),
  'key.converter': field.class({ ...low, doc: 'Converter of keys, for connectors that name none.' }),
  'key.converter.plugin.version': field.string({ ...low, doc: 'Versions of it that may be used.', optional: true }),
  'value.converter': field.class({ ...low, doc: 'Converter of values, for connectors that name none.' }),
  'value.converter.plugin.version': field.string({ ...low, doc: 'Versions of it that may be used.', optional: true }),
  'header.converter': field.class({
    ...low,
    doc: 'Converter of header values, for connectors that name none.',
    default: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  }),
  'header.converter.plugin.version': field.string({ ...low, doc: 'Versions of it that may be used.', optional: true }),
  'task.shutdown.graceful.timeout.ms': field.long({
    ...low,
    doc: 'Milliseconds that all tasks together have to stop; those that take longer are abandoned.',
    default: 5_000,
  }),
  'offset.flush.interval.ms': field.long({ ...low, doc: 'Milliseconds between commits of a task.', default: 60_000 }),
  'offset.flush.timeout.ms': field.long({ ...low, doc: 'Milliseconds that a commit may take.', default: 5_000 }),
  'plugin.path': field.list({
    ...low,
    doc: 'Folders that are, or hold, npm packages with connectors, converters or transforms.',
    optional: true,
    check: validList({ allowEmpty: false, allowNull: true }),
  }),
  'plugin.discovery': field.oneOf(['only_scan', 'service_load', 'hybrid_warn', 'hybrid_fail'], {
    ...low,
    doc: 'How Java plugins are found.',
    default: 'hybrid_warn',
    ignoreCase: true,
  }),
  'config.providers': field.list({ ...low, doc: 'Names of config providers.', default: [], check: validList() }),
  'connector.client.config.override.policy': field.string({
    doc: 'Which settings of Kafka clients connectors may override.',
    default: 'All',
  }),
  'topic.creation.enable': field.boolean({
    ...low,
    doc: 'Whether source connectors may say how their topics are created.',
    default: true,
  }),
  'topic.tracking.enable': field.boolean({
    ...low,
    doc: 'Whether the topics that connectors use are recorded.',
    default: true,
  }),
  'topic.tracking.allow.reset': field.boolean({ ...low, doc: 'Whether that record may be reset.', default: true }),
})

const metricsSpec = configSpec(
  {
    'metrics.sample.window.ms': field.long({ ...low, doc: 'Length of a sample.', default: 30_000, min: 0 }),
    'metrics.num.samples': field.int({ ...low, doc: 'Samples kept for a metric.', default: 2, min: 1 }),
    'metrics.recording.level': field.oneOf(['INFO', 'DEBUG'], {
      ...low,
      doc: 'Which metrics are recorded.',
      default: 'INFO',
    }),
    'metric.reporters': field.list({
      ...low,
      doc: 'Classes that report metrics.',
      default: ['org.apache.kafka.common.metrics.JmxReporter'],
      check: validList(),
    }),
  },
  { openPrefixes: ['metrics.context.'] },
)

const restSpec = configSpec({
  listeners: field.list({
    ...low,
    doc: 'URLs on which REST listens; without a host, on every interface.',
    default: ['http://:8083'],
  }),
  'rest.advertised.host.name': field.string({ ...low, doc: 'Host under which others reach REST.', optional: true }),
  'rest.advertised.port': field.int({ ...low, doc: 'Port under which others reach REST.', optional: true }),
  'rest.advertised.listener': field.string({ ...low, doc: 'Protocol of the listener to advertise.', optional: true }),
  'admin.listeners': field.list({
    ...low,
    doc: 'URLs for the admin resources alone.',
    optional: true,
    check: validList({ allowNull: true }),
  }),
  'access.control.allow.origin': field.string({ ...low, doc: 'Origins that CORS allows.', default: '' }),
  'access.control.allow.methods': field.string({ ...low, doc: 'Methods that CORS allows.', default: '' }),
  'response.http.headers.config': field.string({ ...low, doc: 'Headers that REST adds to answers.', default: '' }),
  'rest.extension.classes': field.list({ ...low, doc: 'Extensions of REST.', default: [], check: validList() }),
})

const standaloneSpec = configSpec({
  'offset.storage.file.filename': field.string({
    doc: 'File that keeps the offsets of source connectors; Apache Connect reads and writes the same.',
    importance: 'high',
  }),
})

/** Ours: how connectors and tasks are spread over host processes, and when a host is ended. */
const hostSpec = configSpec({
  'sluice.hosts': field.int({
    ...low,
    doc: 'Most host processes that connectors and tasks share; as many as processors when left out.',
    optional: true,
    min: 1,
  }),
  'sluice.host.memory.max.bytes': field.long({
    ...low,
    doc: 'Heap and external memory that a host may hold; one that holds more is ended.',
    default: 1_073_741_824,
    min: 67_108_864,
    max: 1_099_511_627_776,
  }),
  'sluice.host.unresponsive.ms': field.long({
    ...low,
    doc: 'Milliseconds without a sign of life after which a host is ended.',
    default: 30_000,
    min: 1_000,
    max: 2_147_483_647,
  }),
})

const prefixes = configSpec(
  {},
  {
    openPrefixes: [
      'key.converter.',
      'value.converter.',
      'header.converter.',
      'config.providers.',
      'producer.',
      'consumer.',
      'admin.',
      // Those of REST and those of Kafka's clients alike: the clients' own reading judges them.
      'ssl.',
    ],
  },
)

const spec = mergeSpecs(
  mergeSpecs(mergeSpecs(generalSpec, metricsSpec), mergeSpecs(restSpec, standaloneSpec)),
  mergeSpecs(hostSpec, prefixes),
)

/** Every key of a standalone worker, beside those of the Kafka clients that it makes. */
export const standaloneWorkerSpec: ConfigSpec = spec

/** What the worker itself reads of its config. */
export interface WorkerSettings {
  readonly listeners: readonly string[]
  readonly advertisedHost: string | null
  readonly advertisedPort: number | null
  readonly offsetFile: string
  readonly stopBudgetMs: number
  /** Null: as many as processors. */
  readonly hosts: number | null
  readonly hostMemoryBytes: number
  readonly hostUnresponsiveMs: number
}

/** Throws a ConfigError with everything that is wrong, in Connect's words. */
export function readWorkerSettings(props: Props, options: EvaluateOptions): WorkerSettings {
  const config = requireConfig(spec, props, options)
  return {
    listeners: config.listeners,
    advertisedHost: config['rest.advertised.host.name'] ?? null,
    advertisedPort: config['rest.advertised.port'] ?? null,
    offsetFile: config['offset.storage.file.filename'],
    stopBudgetMs: Number(config['task.shutdown.graceful.timeout.ms']),
    hosts: config['sluice.hosts'] ?? null,
    hostMemoryBytes: config['sluice.host.memory.max.bytes'],
    hostUnresponsiveMs: config['sluice.host.unresponsive.ms'],
  }
}
