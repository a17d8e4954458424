import type { Props } from '@sluice/api'
import fileConnectors from '@sluice/connector-file/plugins'
import converters from '@sluice/converters/plugins'
import transforms from '@sluice/transforms/plugins'
import { expect, test } from 'vitest'
import type { ConnectorSpecInput } from './connector-spec.ts'
import { laterFeatures } from './later-features.ts'
import { type ConnectorValidation, invalidConnectorConfig, validateConnector } from './validate-connector.ts'

const plugins = [...fileConnectors, ...converters, ...transforms]
const version = '0.1.0'
const [source, sink] = ['Source', 'Sink'].map((kind) =>
  plugins.find(({ className }) => className === `org.apache.kafka.connect.file.FileStream${kind}Connector`),
)
const json = 'org.apache.kafka.connect.json.JsonConverter'
const smt = 'org.apache.kafka.connect.transforms'

function find(name: string) {
  return plugins.find(({ className }) => className === name) ?? null
}

function chainOf(props: Props, key: 'transforms' | 'predicates'): ConnectorSpecInput['chain']['transforms'] {
  const aliases = [...new Set((props[key] ?? '').split(','))].filter((alias) => alias !== '')
  const kind = key === 'transforms' ? 'transformation' : 'predicate'
  return new Map(
    aliases.map((alias) => {
      const found = find(props[`${key}.${alias}.type`] ?? '')
      return [alias, found?.kind === kind ? { className: found.className, version, config: found.config } : null]
    }),
  )
}

function validate(type: 'source' | 'sink', given: Props): ConnectorValidation {
  const connector = type === 'source' ? source! : sink!
  const props = { name: 'x', 'connector.class': connector.className, ...given }
  const converter = { className: json, version }
  const own = find(props['value.converter' as keyof typeof props] ?? '')
  return validateConnector({
    type,
    props,
    submittedClass: connector.className,
    framework: {
      connectorVersion: version,
      converters: { 'key.converter': converter, 'value.converter': converter, 'header.converter': converter },
      converterClasses: [json],
      headerConverterClasses: [],
    },
    chain: { transforms: chainOf(props, 'transforms'), predicates: chainOf(props, 'predicates') },
    transformClasses: [`${smt}.RegexRouter`],
    predicateClasses: [],
    connector: { config: connector.config, issues: [] },
    converters: new Map(own?.kind === 'converter' ? [['value.converter', own.config]] : []),
    findClass: (name) => find(name)?.className ?? null,
    isOfKind: (className, kind) =>
      plugins.some((plugin) => plugin.className === className && plugin.kind === kind.toLowerCase()),
  })
}

function errorsOf(type: 'source' | 'sink', given: Props): Record<string, readonly string[]> {
  const wrong = validate(type, given).infos.configs.filter(({ value }) => value!.errors.length > 0)
  return Object.fromEntries(wrong.map(({ value }) => [value!.name, value!.errors]))
}

const good = { topic: 't', file: '/tmp/x' }

test('a good config has no errors, and lists the keys in Connect\u2019s order', () => {
  const { infos, issues, warnings } = validate('source', good)
  expect([infos.error_count, issues, warnings]).toEqual([0, [], []])
  expect(infos.groups).toEqual([
    'Common',
    'Transforms',
    'Predicates',
    'Error Handling',
    'Topic Creation',
    'Exactly Once Support',
    'offsets.topic',
  ])
  expect(infos.configs.map(({ value }) => value!.name)).toEqual([
    'name',
    'connector.class',
    'connector.plugin.version',
    'tasks.max',
    'tasks.max.enforce',
    'key.converter',
    'key.converter.plugin.version',
    'value.converter',
    'value.converter.plugin.version',
    'header.converter',
    'header.converter.plugin.version',
    'transforms',
    'predicates',
    'config.action.reload',
    'errors.retry.timeout',
    'errors.retry.delay.max.ms',
    'errors.tolerance',
    'errors.log.enable',
    'errors.log.include.messages',
    'topic.creation.groups',
    'exactly.once.support',
    'transaction.boundary',
    'transaction.boundary.interval.ms',
    'offsets.storage.topic',
    'file',
    'topic',
    'batch.size',
  ])
})

test('the worker\u2019s converters are shown as defaults', () => {
  const shown = validate('source', good).infos.configs.find(({ value }) => value!.name === 'key.converter')!
  expect(shown.definition!.default_value).toBe(json)
  expect(shown.value).toMatchObject({ value: json, recommended_values: [json] })
})

test.each<[string, 'source' | 'sink', Props, Record<string, readonly string[]>]>([
  [
    'a required key that is missing',
    'source',
    { file: '/tmp/x' },
    { topic: ['Missing required configuration "topic" which has no default value.'] },
  ],
  [
    'a number that is none',
    'source',
    { ...good, 'tasks.max': 'abc' },
    {
      'tasks.max': [
        'Invalid value abc for configuration tasks.max: Not a number of type INT',
        'Invalid value null for configuration tasks.max: Value must be non-null',
      ],
    },
  ],
  [
    'a value outside its range or set',
    'source',
    { ...good, 'tasks.max': '0', 'errors.tolerance': 'foo', 'exactly.once.support': 'bar' },
    {
      'tasks.max': ['Invalid value 0 for configuration tasks.max: Value must be at least 1'],
      'errors.tolerance': ['Invalid value foo for configuration errors.tolerance: String must be one of: none, all'],
      'exactly.once.support': [
        'Invalid value bar for configuration exactly.once.support: String must be one of (case insensitive): REQUIRED, REQUESTED',
      ],
    },
  ],
  [
    'a name with a control character',
    'source',
    { ...good, name: 'a\u0001b' },
    {
      name: [
        'Invalid value a\u0001b for configuration name: String may not contain control sequences but had the following ASCII chars: 1',
      ],
    },
  ],
  [
    'neither topics nor a pattern',
    'sink',
    {},
    {
      topics: ['Must configure one of topics or topics.regex'],
      'topics.regex': ['Must configure one of topics or topics.regex'],
    },
  ],
  [
    'both topics and a pattern',
    'sink',
    { topics: 'a', 'topics.regex': 'b' },
    {
      topics: ['topics and topics.regex are mutually exclusive options, but both are set.'],
      'topics.regex': ['topics and topics.regex are mutually exclusive options, but both are set.'],
    },
  ],
  [
    'topics twice, and an empty one',
    'sink',
    { topics: 'a,a' },
    { topics: ["Configuration 'topics' values must not be duplicated."] },
  ],
  [
    'the dead letters among the topics',
    'sink',
    { topics: 'a, dlq', 'errors.deadletterqueue.topic.name': 'dlq' },
    {
      topics: [
        "The DLQ topic 'dlq' may not be included in the list of topics ('topics=[a, dlq]') consumed by the connector",
      ],
    },
  ],
  [
    'null for keys of the framework, of the connector and of nobody',
    'source',
    { ...good, file: null, 'errors.tolerance': null, stray: null },
    {
      stray: ['Null value can not be supplied as the configuration value.'],
      'errors.tolerance': [
        'Invalid value null for configuration errors.tolerance: String must be one of: none, all',
        'Null value can not be supplied as the configuration value.',
      ],
    },
  ],
  [
    'topics that are null',
    'sink',
    { topics: null },
    {
      topics: [
        "Configuration 'topics' values must not be null.",
        'Must configure one of topics or topics.regex',
        'Null value can not be supplied as the configuration value.',
      ],
      'topics.regex': ['Must configure one of topics or topics.regex'],
    },
  ],
  [
    'an alias twice',
    'source',
    {
      ...good,
      transforms: 'a,a',
      'transforms.a.type': `${smt}.RegexRouter`,
      'transforms.a.regex': '.',
      'transforms.a.replacement': 'x',
    },
    { transforms: ['Invalid value [a, a] for configuration transforms: Duplicate alias provided.'] },
  ],
  [
    'a transform that is not there, or is none, or lacks its type',
    'source',
    { ...good, transforms: 'a,b,c', 'transforms.a.type': 'nope', 'transforms.b.type': json },
    {
      'transforms.a.type': ['Invalid value nope for configuration transforms.a.type: Class nope could not be found.'],
      'transforms.b.type': [`Class class ${json} does not implement the Transformation interface`],
      'transforms.c.type': ['Missing required configuration "transforms.c.type" which has no default value.'],
    },
  ],
  [
    'a wrong key of a transform, named without its prefix, and a missing one in full',
    'source',
    { ...good, transforms: 'r', 'transforms.r.type': `${smt}.RegexRouter`, 'transforms.r.regex': '[' },
    {
      'transforms.r.replacement': [
        'Missing required configuration "transforms.r.replacement" which has no default value.',
      ],
      'transforms.r.regex': [expect.stringMatching(/^Invalid value \[ for configuration regex: Invalid regex: /)],
    },
  ],
  [
    'a negation without a predicate',
    'source',
    {
      ...good,
      transforms: 'r',
      'transforms.r.type': `${smt}.RegexRouter`,
      'transforms.r.regex': '.',
      'transforms.r.replacement': 'x',
      'transforms.r.negate': 'true',
    },
    {
      'transforms.r.type': [
        "Config 'transforms.r.negate' was provided but there is no config 'transforms.r.predicate' defining a predicate to be negated.",
      ],
    },
  ],
  [
    'a wrong key of the connector\u2019s own converter',
    'source',
    { ...good, 'value.converter': json, 'value.converter.schemas.enable': 'maybe' },
    {
      'value.converter.schemas.enable': [
        'Invalid value maybe for configuration schemas.enable: Expected value to be either true or false',
      ],
    },
  ],
  [
    'a converter that is a transform',
    'source',
    { ...good, 'key.converter': `${smt}.RegexRouter` },
    { 'key.converter': [`Class class ${smt}.RegexRouter does not implement the Converter interface`] },
  ],
])('finds %s, in the words of Connect', (_case, type, props, errors) => {
  expect(errorsOf(type, props)).toEqual(errors)
})

test('a transform adds its keys, required ones first, each with its place', () => {
  const { infos } = validate('source', {
    ...good,
    transforms: 'r',
    'transforms.r.type': `${smt}.RegexRouter`,
    'transforms.r.regex': '.',
    'transforms.r.replacement': 'x',
  })
  const added = infos.configs.filter(({ value }) => value!.name.startsWith('transforms.r.'))
  expect(
    added.map(({ definition }) => [definition!.name, definition!.order_in_group, definition!.display_name]),
  ).toEqual([
    ['transforms.r.type', 0, 'Transformation type for r'],
    ['transforms.r.plugin.version', 1, 'Transformation version for r'],
    ['transforms.r.regex', 2, 'regex'],
    ['transforms.r.replacement', 3, 'replacement'],
    ['transforms.r.negate', 4, 'negate'],
    ['transforms.r.predicate', 5, 'predicate'],
  ])
  expect(infos.groups.at(-1)).toBe('Transforms: r')
})

test('the error of an invalid config has the message of Connect and the way out of a slip', () => {
  const error = invalidConnectorConfig(validate('source', { topci: 't', file: '/tmp/x' }))
  expect(error.message).toBe(
    'Connector configuration is invalid and contains the following 1 error(s):\nMissing required configuration "topic" which has no default value.\nYou can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  )
  expect(error.issues).toEqual([
    {
      key: 'topic',
      message: 'Missing required configuration "topic" which has no default value.',
      suggestion: '"topci" is given; write it "topic".',
    },
  ])
})

test('names what is set and does nothing (I3)', () => {
  expect(
    validate('source', {
      ...good,
      'bacth.size': '5',
      'quite.another': 'x',
      'key.converter.schemas.enable': 'false',
      'errors.tolerance': 'all',
      'topic.creation.default.partitions': '3',
      'errors.retry.timeout': '0',
      'producer.override.linger.ms': '5',
    }).warnings,
  ).toEqual([
    'errors.tolerance has no effect yet: every record that fails fails its task.',
    'topic.creation.default.partitions has no effect yet: the broker creates missing topics with its own defaults.',
    'bacth.size is no key of this connector; batch.size is.',
    'quite.another is no key of this connector.',
    "key.converter.schemas.enable has no effect without key.converter beside it: the worker's converter has its own settings.",
  ])
})

test('every later feature has a key and the rest of a sentence', () => {
  for (const { key, meaning } of laterFeatures()) {
    expect(key).toMatch(/^[a-z.]+\*?$/)
    expect(meaning).toMatch(/^has no effect/)
  }
})
