import { readFileSync } from 'node:fs'
import {
  configKeyInfos,
  ConfigError,
  type ConnectRecord,
  equalValues,
  isConnectError,
  type Props,
  requireConfig,
  schemaEquals,
  type SinkRecord,
  type SourceRecord,
  type Transform,
  type TransformDefinition,
} from '@sluice/api'
import { pluginFindings, recordedRecord, type RecordedRecord } from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import plugins from './plugins.ts'

interface RecordedCase {
  readonly id: string
  readonly class: string
  readonly config: Props
  readonly in?: RecordedRecord
  readonly out?: RecordedRecord | null | 'same'
  readonly phase?: 'configure' | 'apply'
  readonly error?: { readonly message: string }
}

function recordingOf(name: string): readonly RecordedCase[] {
  const text = readFileSync(new URL(`../testdata/${name}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly cases: readonly RecordedCase[] }).cases
}

function create(className: string, props: Props): Transform {
  const definition = plugins.find((plugin) => plugin.className === className) as TransformDefinition
  return definition.create(requireConfig(definition.config, props))
}

/** Messages that name what only Java has, and ours in their place. */
const ourMessages: ReadonlyMap<string, string> = new Map([
  [
    'Invalid value null for configuration static.value: No value specified for static field: org.apache.kafka.connect.transforms.InsertField$InsertionSpec@<id>',
    'Invalid value null for configuration static.value: No value specified for static field: s',
  ],
])

/** Java's name of a list or map depends on who made it, that of an integer on its width. */
function comparable(message: string): string {
  const ours = ourMessages.get(message) ?? message
  return ours
    .replace('java.util.Arrays$ArrayList', 'java.util.ArrayList')
    .replace('LinkedHashMap', 'HashMap')
    .replace(/java\.lang\.(Long|Integer)$/, 'an integer')
}

function errorOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isConnectError(error))
      return error instanceof ConfigError ? (error.issues[0]?.message ?? error.message) : error.message
    throw error
  }
  throw new Error('nothing was thrown')
}

function expectRecord(actual: ConnectRecord | null, expected: ConnectRecord): void {
  expect(actual).not.toBeNull()
  const { keySchema, key, valueSchema, value, ...rest } = actual!
  const { keySchema: _ks, key: _k, valueSchema: _vs, value: _v, ...expectedRest } = expected
  const [is, was] = [rest as Partial<SourceRecord & SinkRecord>, expectedRest as Partial<SourceRecord & SinkRecord>]
  // Where a sink record was read from is not part of a recording.
  expect({ ...is, originalTopic: null }).toEqual({ ...was, originalTopic: null })
  expect(schemaEquals(keySchema, expected.keySchema)).toBe(true)
  expect(schemaEquals(valueSchema, expected.valueSchema)).toBe(true)
  expect(equalValues(key, expected.key)).toBe(true)
  expect(value).toEqual(expected.value)
  expect(equalValues(value, expected.value)).toBe(true)
}

/** A record without a topic, which Java's records may be and ours never are. */
const hasNoTopic = (one: RecordedCase): boolean => one.in !== undefined && (one.in.topic ?? null) === null

/** Flags within an expression are for Java alone: validation refuses them. */
const hasFlags = (one: RecordedCase): boolean => /^\(\?[a-z]+\)/.test(one.config['regex'] ?? '')

test('refuses expressions with syntax that only Java has, before any record', () => {
  const refused = recordingOf('RegexRouter').filter(hasFlags)
  expect(refused.length).toBe(4)
  for (const one of refused) {
    expect(errorOf(() => create(one.class, one.config))).toContain(
      `Invalid value ${one.config['regex']} for configuration regex: Invalid regex: Not supported by Sluice: `,
    )
  }
})

describe.each(['HoistField', 'InsertField', 'RegexRouter'])('%s does what Apache does', (name) => {
  const cases = recordingOf(name).filter((one) => !hasNoTopic(one) && !hasFlags(one))

  test.each(cases.map((one) => [one.id, JSON.stringify(one.config), one] as const))('%s %s', (_id, _config, one) => {
    if (one.phase === 'configure') {
      const configure = () => create(one.class, one.config)
      if (one.error === undefined) configure()
      else expect(errorOf(configure)).toBe(comparable(one.error.message))
      return
    }
    const transform = create(one.class, one.config)
    const record = recordedRecord(one.in!)
    if (one.error !== undefined) {
      expect(comparable(errorOf(() => transform.apply(record)))).toBe(comparable(one.error.message))
    } else if (one.out === 'same') {
      expect(transform.apply(record)).toBe(record)
    } else if (one.out === null) {
      expect(transform.apply(record)).toBeNull()
    } else {
      expectRecord(transform.apply(record), recordedRecord(one.out!))
      expectRecord(record, recordedRecord(one.in!))
    }
  })
})

interface RecordedPlugin {
  readonly class: string
  readonly config: readonly {
    readonly name: string
    readonly type: string
    readonly required: boolean
    readonly defaultText?: string | null
    readonly importance: string
  }[]
}

const recordedPlugins = (
  JSON.parse(readFileSync(new URL('../testdata/plugins.json', import.meta.url), 'utf8')) as {
    readonly plugins: readonly RecordedPlugin[]
  }
).plugins

test.each(recordedPlugins.map((plugin) => [plugin.class, plugin] as const))(
  '%s has the keys of Apache, in its order',
  (className, expected) => {
    const definition = plugins.find((plugin) => plugin.className === className)!
    const keys = configKeyInfos(definition.config).map((key) => [
      key.name,
      key.type,
      key.required,
      key.default_value,
      key.importance,
    ])
    expect(keys).toEqual(
      expected.config.map((key) => [key.name, key.type, key.required, key.defaultText ?? null, key.importance]),
    )
  },
)

test('the plugins keep the rules of definitions', () => {
  expect(pluginFindings(plugins)).toEqual([])
})
