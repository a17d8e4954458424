import {
  allOf,
  type ConfigSpec,
  configSpec,
  field,
  isRegex,
  mergeSpecs,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  uniqueList,
  validList,
} from '@sluice/api'

/**
 * The keys that every connector has, with Connect's names, defaults, checks and places. What a worker gives beside
 * them (its converters as defaults, the plugins to choose from) comes in as `FrameworkFacts`.
 */
export interface FrameworkFacts {
  readonly connectorVersion: string | null
  readonly converters: Readonly<Record<ConverterKey, ConverterDefault>>
  /** Class names to offer, by the key's kind of plugin. */
  readonly converterClasses: readonly string[]
  readonly headerConverterClasses: readonly string[]
}

export type ConverterKey = 'key.converter' | 'value.converter' | 'header.converter'

/** The worker's converter, which serves where a connector names none. */
export interface ConverterDefault {
  readonly className: string | null
  readonly version: string | null
}

type Field = ConfigSpec['fields'][string]

const common = { group: 'Common' } as const

function withDefault(of: Field, defaultValue: string | null): Field {
  return { ...of, defaultValue }
}

function converterFields(facts: FrameworkFacts, key: ConverterKey, order: number): Record<string, Field> {
  const words = `${key[0]?.toUpperCase()}${key.slice(1).replace('.converter', ' converter')}`
  const recommended = key === 'header.converter' ? facts.headerConverterClasses : facts.converterClasses
  const { className, version } = facts.converters[key]
  const converter = field.class({
    ...common,
    doc: `Converter between Connect's data and the bytes in Kafka; the worker's own when left out.`,
    optional: true,
    importance: 'low',
    order,
    width: 'short',
    displayName: `${words} class`,
    recommended,
  })
  const pluginVersion = field.string({
    ...common,
    doc: `Versions of the ${words.toLowerCase()} that may be used.`,
    optional: true,
    importance: 'low',
    order: order + 1,
    width: 'medium',
    displayName: `${words} version`,
    ...(version === null ? {} : { recommended: [version] }),
  })
  return {
    [key]: withDefault(converter, className),
    [`${key}.plugin.version`]: withDefault(pluginVersion, version),
  }
}

function identityFields(facts: FrameworkFacts): Record<string, Field> {
  const { connectorVersion } = facts
  const version = field.string({
    ...common,
    doc: 'Versions of the connector that may be used.',
    optional: true,
    order: 3,
    width: 'medium',
    displayName: 'Connector version',
    ...(connectorVersion === null ? {} : { recommended: [connectorVersion] }),
  })
  return {
    name: field.string({
      ...common,
      doc: 'Name of the connector, unique among those of its worker or group.',
      importance: 'high',
      order: 1,
      width: 'medium',
      displayName: 'Connector name',
      check: nonEmptyStringWithoutControlChars,
    }),
    'connector.class': field.string({
      ...common,
      doc: 'Class name or alias of the connector.',
      importance: 'high',
      order: 2,
      width: 'long',
      displayName: 'Connector class',
    }),
    'connector.plugin.version': withDefault(version, connectorVersion),
    'tasks.max': field.int({
      ...common,
      doc: 'Most tasks that the connector may divide its work into.',
      default: 1,
      min: 1,
      importance: 'high',
      order: 4,
      width: 'short',
      displayName: 'Tasks max',
    }),
    'tasks.max.enforce': field.boolean({
      ...common,
      doc: 'Whether a connector that makes more tasks than tasks.max fails.',
      default: true,
      importance: 'low',
      order: 5,
      width: 'short',
      displayName: 'Enforce tasks max',
    }),
  }
}

function chainFields(): Record<string, Field> {
  return {
    transforms: field.list({
      doc: 'Aliases of the transforms that each record passes, in this order.',
      default: [],
      importance: 'low',
      group: 'Transforms',
      order: 12,
      width: 'long',
      displayName: 'Transforms',
      check: allOf(nonNull, uniqueList('transformation aliases')),
    }),
    predicates: field.list({
      doc: 'Aliases of the predicates that transforms may name.',
      default: [],
      importance: 'low',
      group: 'Predicates',
      order: 13,
      width: 'long',
      displayName: 'Predicates',
      check: allOf(nonNull, uniqueList('predicate aliases')),
    }),
    'config.action.reload': field.oneOf(['none', 'restart'], {
      ...common,
      doc: 'Whether the connector restarts when a value that a config provider gave it changes.',
      default: 'restart',
      importance: 'low',
      order: 14,
      width: 'medium',
      displayName: 'Reload Action',
    }),
  }
}

const errorHandling = { group: 'Error Handling', importance: 'medium' } as const

function errorFields(): Record<string, Field> {
  return {
    'errors.retry.timeout': field.long({
      ...errorHandling,
      doc: 'Milliseconds during which a failed operation on a record is tried again; 0 for never, -1 for ever.',
      default: 0,
      order: 1,
      width: 'medium',
      displayName: 'Retry Timeout for Errors',
    }),
    'errors.retry.delay.max.ms': field.long({
      ...errorHandling,
      doc: 'Longest delay between two tries.',
      default: 60_000,
      order: 2,
      width: 'medium',
      displayName: 'Maximum Delay Between Retries for Errors',
    }),
    'errors.tolerance': field.oneOf(['none', 'all'], {
      ...errorHandling,
      doc: 'Whether a record that cannot be converted or transformed fails the task or is set aside.',
      default: 'none',
      order: 3,
      width: 'short',
      displayName: 'Error Tolerance',
    }),
    'errors.log.enable': field.boolean({
      ...errorHandling,
      doc: 'Whether each failed record is logged.',
      default: false,
      order: 4,
      width: 'short',
      displayName: 'Log Errors',
    }),
    'errors.log.include.messages': field.boolean({
      ...errorHandling,
      doc: 'Whether those log lines say where the record lies.',
      default: false,
      order: 5,
      width: 'short',
      displayName: 'Log Error Details',
    }),
  }
}

function commonSpec(facts: FrameworkFacts): ConfigSpec {
  return configSpec(
    {
      ...identityFields(facts),
      ...converterFields(facts, 'key.converter', 6),
      ...converterFields(facts, 'value.converter', 8),
      ...converterFields(facts, 'header.converter', 10),
      ...chainFields(),
      ...errorFields(),
    },
    { openPrefixes: ['producer.override.', 'consumer.override.', 'admin.override.'] },
  )
}

const exactlyOnce = { group: 'Exactly Once Support', width: 'short' } as const

function sourceSpec(): ConfigSpec {
  return configSpec(
    {
      'topic.creation.groups': field.list({
        doc: 'Groups of topics with settings of their own for their creation.',
        default: [],
        importance: 'low',
        group: 'Topic Creation',
        order: 1,
        width: 'long',
        displayName: 'Topic Creation Groups',
        check: allOf(nonNull, uniqueList('topic creation groups')),
      }),
      'exactly.once.support': field.oneOf(['required', 'requested'], {
        ...exactlyOnce,
        doc: 'Whether a worker without exactly-once support may run the connector.',
        default: 'requested',
        ignoreCase: true,
        order: 2,
        displayName: 'Exactly once support',
      }),
      'transaction.boundary': field.oneOf(['interval', 'poll', 'connector'], {
        ...exactlyOnce,
        doc: 'What ends a transaction of an exactly-once source.',
        default: 'poll',
        ignoreCase: true,
        order: 3,
        displayName: 'Transaction Boundary',
      }),
      'transaction.boundary.interval.ms': field.long({
        ...exactlyOnce,
        doc: 'Milliseconds between transactions where the boundary is an interval.',
        optional: true,
        importance: 'low',
        min: 0,
        order: 4,
        displayName: 'Transaction boundary interval',
      }),
      'offsets.storage.topic': field.string({
        doc: "Topic for the connector's own offsets, in distributed mode.",
        optional: true,
        importance: 'low',
        group: 'offsets.topic',
        order: 1,
        width: 'long',
        displayName: 'Offsets topic',
        check: nonEmptyString,
      }),
    },
    { openPrefixes: ['topic.creation.'] },
  )
}

function sinkSpec(): ConfigSpec {
  return configSpec({
    topics: field.list({
      ...common,
      doc: 'Topics to read.',
      default: [],
      importance: 'high',
      order: 4,
      width: 'long',
      displayName: 'Topics',
      check: validList(),
    }),
    'topics.regex': field.string({
      ...common,
      doc: 'Regular expression that matches the whole names of the topics to read.',
      default: '',
      importance: 'high',
      order: 4,
      width: 'long',
      displayName: 'Topics regex',
      check: isRegex,
    }),
    'errors.deadletterqueue.topic.name': field.string({
      ...errorHandling,
      doc: 'Topic for records that could not be processed; none when empty.',
      default: '',
      order: 6,
      width: 'medium',
      displayName: 'Dead Letter Queue Topic Name',
    }),
    'errors.deadletterqueue.topic.replication.factor': field.short({
      ...errorHandling,
      doc: 'Replication factor with which that topic is created.',
      default: 3,
      order: 7,
      width: 'medium',
      displayName: 'Dead Letter Queue Topic Replication Factor',
    }),
    'errors.deadletterqueue.context.headers.enable': field.boolean({
      ...errorHandling,
      doc: 'Whether such records carry headers that say what failed.',
      default: false,
      order: 8,
      width: 'medium',
      displayName: 'Enable Error Context Headers',
    }),
  })
}

/** ConnectorConfig of Connect with what sources or sinks add to it. */
export function frameworkSpec(type: 'source' | 'sink', facts: FrameworkFacts): ConfigSpec {
  return mergeSpecs(commonSpec(facts), type === 'source' ? sourceSpec() : sinkSpec())
}
