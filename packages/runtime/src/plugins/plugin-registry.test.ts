import type { PluginKind } from '@sluice/api'
import { expect, test } from 'vitest'
import type { PluginManifestEntry } from './manifest.ts'
import { PluginRegistry } from './plugin-registry.ts'

const origin = {
  name: '@acme/plugins',
  manifestUrl: 'file:///acme/connect-plugins.json',
  moduleUrl: 'file:///acme/p.js',
}

function entry(kind: PluginKind, className: string, more: Partial<PluginManifestEntry> = {}): PluginManifestEntry {
  return { kind, name: className, className, aliases: [], summary: 'Something.', config: [], ...more }
}

function registry(...plugins: PluginManifestEntry[]): PluginRegistry {
  return new PluginRegistry([{ package: origin, manifest: { version: '0.1.0', plugins } }])
}

const stock = registry(
  entry('source', 'org.apache.kafka.connect.file.FileStreamSourceConnector', {
    name: 'file-source',
    aliases: ['tail'],
  }),
  entry('sink', 'org.apache.kafka.connect.file.FileStreamSinkConnector', { name: 'file-sink' }),
  entry('transformation', 'org.apache.kafka.connect.transforms.InsertField$Value', { name: 'insert-field-value' }),
  entry('transformation', 'org.apache.kafka.connect.transforms.HoistField$Value', { name: 'hoist-field-value' }),
  entry('transformation', 'org.apache.kafka.connect.transforms.RegexRouter', { name: 'regex-router' }),
  entry('header_converter', 'org.apache.kafka.connect.storage.SimpleHeaderConverter', { name: 'simple-header' }),
  entry('header_converter', 'org.apache.kafka.connect.json.JsonConverter', { name: 'json-header' }),
  entry('converter', 'org.apache.kafka.connect.json.JsonConverter', { name: 'json' }),
  entry('predicate', 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone', { name: 'is-tombstone' }),
)

test.each([
  ['org.apache.kafka.connect.file.FileStreamSourceConnector', 'source'],
  ['FileStreamSourceConnector', 'source'],
  ['FileStreamSource', 'source'],
  ['file-source', 'source'],
  ['tail', 'source'],
  ['FileStreamSink', 'sink'],
  ['org.apache.kafka.connect.transforms.InsertField$Value', 'transformation'],
  ['RegexRouter', 'transformation'],
  ['JsonConverter', 'converter'],
  ['Json', 'converter'],
  ['Json', 'header_converter'],
  ['json', 'header_converter'],
  ['SimpleHeaderConverter', 'header_converter'],
  ['Simple', 'header_converter'],
  ['RecordIsTombstone', 'predicate'],
] as const)('%s is a %s', (name, kind) => {
  expect(stock.find(name, [kind])?.kind).toBe(kind)
})

test.each(['Value', ' FileStreamSource ', 'filestreamsource', 'Connector', 'SimpleHeader', ''])(
  '"%s" is nothing: names are exact, and what two classes share is neither',
  (name) => expect(stock.findAny(name)).toBeNull(),
)

test('a name stands for its own kind only', () => {
  expect(stock.find('FileStreamSource', ['converter'])).toBeNull()
})

test('lists sinks, sources, transforms, predicates, converters and header converters, each by class name', () => {
  expect(stock.list().map(({ kind, className }) => `${kind} ${className.split('.').at(-1)}`)).toEqual([
    'sink FileStreamSinkConnector',
    'source FileStreamSourceConnector',
    'transformation HoistField$Value',
    'transformation InsertField$Value',
    'transformation RegexRouter',
    'predicate RecordIsTombstone',
    'converter JsonConverter',
    'header_converter JsonConverter',
    'header_converter SimpleHeaderConverter',
  ])
})

test('an unknown connector is refused in the words of Connect, with what there is', () => {
  expect(() => stock.connector('Nope')).toThrow(
    "Failed to find any class that implements Connector and which name matches Nope, available connectors are: PluginDesc{klass=class org.apache.kafka.connect.file.FileStreamSinkConnector, name='org.apache.kafka.connect.file.FileStreamSinkConnector', version='0.1.0', encodedVersion=0.1.0, type=sink, typeName='sink', location='@acme/plugins'}, ",
  )
})

test('a simple name of two connectors is refused in the words of Connect', () => {
  const two = registry(entry('source', 'a.b.JdbcConnector'), entry('sink', 'c.d.JdbcConnector'))
  expect(() => two.connector('Jdbc')).toThrow(/^More than one connector matches alias Jdbc\. Please use full package/)
  expect(two.connector('a.b.JdbcConnector').kind).toBe('source')
})

test('a class name wins over the derived name of another, and the first package over a later one', () => {
  const first = entry('source', 'Thing', { summary: 'First.' })
  const plugins = registry(entry('sink', 'a.Thing'), first, entry('source', 'Thing', { summary: 'Second.' }))
  expect(plugins.findAny('Thing')?.summary).toBe('First.')
  expect(plugins.duplicates.map(({ summary }) => summary)).toEqual(['Second.'])
})
