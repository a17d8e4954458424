import type { ConfigError } from '@sluice/api'
import { expect, test } from 'vitest'
import { PluginRegistry } from './plugins/plugin-registry.ts'
import { pluginPathOf, readWorkerConfig } from './worker-config.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'
const simple = 'org.apache.kafka.connect.storage.SimpleHeaderConverter'
const registry = new PluginRegistry([
  {
    package: { name: 'test', manifestUrl: '', moduleUrl: '' },
    manifest: {
      version: '1',
      plugins: [
        { kind: 'converter', name: 'string', className: string, aliases: [], summary: 'Text.', config: [] },
        { kind: 'header_converter', name: 'simple', className: simple, aliases: [], summary: 'Text.', config: [] },
      ],
    },
  },
])
const good = {
  'bootstrap.servers': '127.0.0.1:9092',
  'key.converter': string,
  'value.converter': 'StringConverter',
  'offset.storage.file.filename': '/tmp/offsets',
}

function messagesOf(props: Readonly<Record<string, string>>): readonly string[] {
  try {
    readWorkerConfig(props, registry)
    return []
  } catch (error) {
    return (error as ConfigError).issues.map(({ message }) => message)
  }
}

test('a good config has Connect\u2019s defaults and no warnings', () => {
  expect(readWorkerConfig(good, registry)).toMatchObject({
    warnings: [],
    settings: {
      listeners: ['http://:8083'],
      advertisedHost: null,
      offsetFile: '/tmp/offsets',
      stopBudgetMs: 5_000,
      hosts: null,
    },
  })
})

test('everything that is wrong is said at once, in Connect\u2019s words', () => {
  const { 'offset.storage.file.filename': _, ...rest } = good
  expect(messagesOf({ ...rest, 'key.converter': 'nope', 'bootstrap.servers': '', 'metrics.num.samples': '0' })).toEqual(
    [
      "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value",
      'Invalid value nope for configuration key.converter: Class nope could not be found.',
      'Invalid value 0 for configuration metrics.num.samples: Value must be at least 1',
      'Missing required configuration "offset.storage.file.filename" which has no default value.',
    ],
  )
})

test('unknown keys are named with the key that was meant, later features with what does not happen (I3)', () => {
  const { warnings } = readWorkerConfig(
    {
      ...good,
      'offset.flush.intervall.ms': '1000',
      'quite.another': 'x',
      'retry.backoff.ms': '50',
      'producer.linger.ms': '5',
      'key.converter.schemas.enable': 'false',
      'config.providers': 'file',
      'config.providers.file.class': 'x',
      'plugin.discovery': 'only_scan',
    },
    registry,
  )
  expect(warnings).toEqual([
    'config.providers has no effect yet: references such as ${file:…} are taken as text.',
    'plugin.discovery has no effect: plugins are found by their manifests.',
    'offset.flush.intervall.ms is no key of a worker; offset.flush.interval.ms is.',
    'quite.another is no key of a worker.',
  ])
})

test('an empty plugin.path is refused as Connect refuses it, a missing one is none', () => {
  expect(pluginPathOf({})).toEqual([])
  expect(pluginPathOf({ 'plugin.path': ' /a , /b' })).toEqual(['/a', '/b'])
  expect(() => pluginPathOf({ 'plugin.path': '' })).toThrow(
    "Configuration 'plugin.path' must not be empty. Valid values include: any non-empty value",
  )
})
