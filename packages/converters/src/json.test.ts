import { readFileSync } from 'node:fs'
import {
  type Converter,
  type ConnectError,
  Decimal,
  equalValues,
  Float64,
  isConfigError,
  isConnectError,
  requireConfig,
  Schema,
  SchemaBuilder,
  schemaEquals,
  type Value,
} from '@sluice/api'
import {
  converterContract,
  type ConverterExample,
  recordedSchema,
  type RecordedSchema,
  recordedValue,
} from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import { createJsonConverter, jsonConverter } from './json.ts'

interface RecordedError {
  readonly class: string
  readonly message: string | null
}

interface ReadCase {
  readonly config: string
  readonly in?: string | null
  readonly inBase64?: string
  readonly schema?: RecordedSchema
  readonly value?: unknown
  readonly error?: RecordedError
}

interface WriteCase {
  readonly config: string
  readonly schema: RecordedSchema
  readonly value: unknown
  readonly out?: string | null
  readonly error?: RecordedError
}

interface Recording {
  readonly configs: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly toConnectData: readonly ReadCase[]
  readonly fromConnectData: readonly WriteCase[]
  readonly configErrors: readonly {
    readonly config: Readonly<Record<string, string>>
    readonly error?: RecordedError
    readonly ok?: boolean
  }[]
}

const recording = JSON.parse(
  readFileSync(new URL('../testdata/json-converter.json', import.meta.url), 'utf8'),
) as Recording

function converterOf(props: Readonly<Record<string, string>>): Converter {
  const config = requireConfig(jsonConverter.config, { 'converter.type': 'value', ...props })
  return jsonConverter.create(config, { type: 'value' })
}

const converters = new Map<string, Converter>()

function converterNamed(name: string): Converter {
  const converter = converters.get(name) ?? converterOf(recording.configs[name]!)
  converters.set(name, converter)
  return converter
}

function errorOf(run: () => unknown): ConnectError {
  try {
    run()
  } catch (error) {
    if (isConnectError(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Where ours differs from Java on purpose. The key is the document or the value as recorded. */
const wrapping = 'an integer beyond 64 bits is an error; Java wraps it'
const readDifferences: ReadonlyMap<string, string> = new Map([
  ['9223372036854775808', wrapping],
  ['-9223372036854775809', wrapping],
  ['12345678901234567890', wrapping],
  ['100000000000000000000000000', wrapping],
  ['{"schema":null,"payload":9223372036854775808}', wrapping],
  ['{"schema":null,"payload":-9223372036854775809}', wrapping],
  ['{"schema":null,"payload":12345678901234567890}', wrapping],
  ['{"schema":null,"payload":100000000000000000000000000}', wrapping],
  ['{"schema":{"type":"int64"},"payload":9223372036854775808}', wrapping],
])

describe('reading what Java reads', () => {
  const compared = recording.toConnectData.filter((one) => !readDifferences.has(one.in ?? ''))

  test('covers the whole recording', () => {
    expect(recording.toConnectData.length - compared.length).toBe(readDifferences.size)
    expect(recording.toConnectData.length).toBeGreaterThan(300)
  })

  test.each(compared.map((one) => [one.config, one.in ?? one.inBase64 ?? 'null', one] as const))(
    '%s: %s',
    (_config, _in, one) => {
      const converter = converterNamed(one.config)
      const bytes =
        one.inBase64 === undefined
          ? one.in === null
            ? null
            : Buffer.from(one.in ?? '', 'utf8')
          : Buffer.from(one.inBase64, 'base64')
      const read = () => converter.toConnectData('topic', [], bytes)
      if (one.error !== undefined) return expect(errorOf(read).message).toBe(one.error.message)
      const schema = recordedSchema(one.schema)
      const found = read()
      expect(schemaEquals(found.schema, schema)).toBe(true)
      expect(found.value).toEqual(recordedValue(one.value, schema))
      expect(equalValues(found.value, recordedValue(one.value, schema))).toBe(true)
    },
  )

  test.each([...readDifferences])('%s: %s', (document) => {
    const converter = converterNamed(document.startsWith('{') ? 'default' : 'noSchemas')
    expect(errorOf(() => converter.toConnectData('topic', [], Buffer.from(document))).message).toMatch(/beyond 64 bits/)
  })
})

/** Cases whose Java types cannot be told apart here, or were lost in the recording, and why. */
const writeDifferences: readonly (readonly [reason: string, applies: (one: WriteCase) => boolean])[] = [
  [
    'an integer fits every integer type that holds it, where Java tells its classes apart',
    ({ schema, value, error }) => error !== undefined && schema === 'INT64' && isTagged(value, 'i32'),
  ],
  [
    'floats of both widths are numbers',
    ({ schema, value, error }) => error !== undefined && schema === 'FLOAT64' && isTagged(value, 'f32'),
  ],
  [
    'a plain object says nothing of its schema: without one beside it, it is a map',
    ({ schema, value, error }) => error !== undefined && schema === null && isTagged(value, 'struct'),
  ],
  ['only Java has other classes of text', ({ value }) => isTagged(value, 'java')],
  ['a recorded lone surrogate came out as a question mark', ({ value, out }) => value === '?' && out === '"\\uD83D"'],
  [
    'an integer has no width of its own, so that a message may name another class for it',
    ({ error, value }) => error !== undefined && isTagged(value, 'i64') && error.message!.endsWith('java.lang.Long'),
  ],
  ['a view of bytes is what it shows; Java writes the whole array under it', ({ value }) => isTagged(value, 'buffer')],
  [
    'a Decimal schema without its scale is named as the fault, where Java has a NullPointerException',
    ({ error }) => error?.class === 'NullPointerException',
  ],
]

function isTagged(value: unknown, tag: string): boolean {
  return typeof value === 'object' && value !== null && tag in value
}

describe('writing what Java writes', () => {
  const isDifferent = (one: WriteCase): boolean => writeDifferences.some(([, applies]) => applies(one))
  const compared = recording.fromConnectData.filter((one) => !isDifferent(one))

  test('covers the whole recording but for the cases named', () => {
    for (const [reason, applies] of writeDifferences) {
      expect(recording.fromConnectData.filter(applies).length, reason).toBeGreaterThan(0)
    }
    expect(recording.fromConnectData.length - compared.length).toBeLessThanOrEqual(10)
  })

  test.each(compared.map((one) => [one.config, JSON.stringify(one.schema), JSON.stringify(one.value), one] as const))(
    '%s: %s %s',
    (_config, _schema, _value, one) => {
      const schema = recordedSchema(one.schema)
      const value = recordedValue(one.value, schema)
      const write = () => converterNamed(one.config).fromConnectData('topic', [], schema, value)
      if (one.error !== undefined) return expect(errorOf(write).message).toBe(one.error.message)
      const bytes = write()
      expect(bytes === null ? null : Buffer.from(bytes).toString('utf8')).toBe(one.out)
    },
  )

  test('escapes a surrogate that stands alone', () => {
    const bytes = createJsonConverter({ schemasEnable: false }).fromConnectData('t', [], Schema.string, 'a\ud83d')
    expect(String(bytes)).toBe('"a\\uD83D"')
  })

  test('names the scale that a Decimal schema lacks', () => {
    const schema = SchemaBuilder.bytes().name('org.apache.kafka.connect.data.Decimal').build()
    const write = () => createJsonConverter().fromConnectData('t', [], schema, new Decimal(15n, 1))
    expect(errorOf(write).message).toBe('Invalid Decimal schema: scale parameter not found.')
  })
})

describe('configuring', () => {
  // Java's JsonConverter does not look at the type; whoever creates a converter here states it.
  const compared = recording.configErrors.filter(({ config }) => !('converter.type' in config))

  test.each(compared.map((one) => [JSON.stringify(one.config), one] as const))('%s', (_config, one) => {
    if (one.error === undefined) return void converterOf(one.config)
    const error = errorOf(() => converterOf(one.config))
    const message = isConfigError(error) ? error.issues[0]?.message : error.message
    expect(message).toBe(one.error.message)
  })
})

const point = SchemaBuilder.struct().name('Point').field('x', Schema.int64).field('y', Schema.optionalFloat64).build()
const hostile = SchemaBuilder.struct()
  .field('__proto__', Schema.string)
  .field('constructor', Schema.optionalInt32)
  .field('1', Schema.int64)
  .field('quote " and \\ and \n', Schema.boolean)
  .field('toString', SchemaBuilder.int8().optional().defaultValue(3).build())
  .build()
const hostileValue = Object.fromEntries([
  ['__proto__', 'p'],
  ['constructor', null],
  ['1', 2n ** 60n],
  ['quote " and \\ and \n', true],
  ['toString', 4],
]) as Value
const examples: readonly ConverterExample[] = [
  { schema: Schema.string, value: 'Zürich 日本 😀 "\\\u0001' },
  { schema: Schema.int64, value: 9007199254740993n },
  { schema: Schema.int64, value: 5 },
  { schema: Schema.float64, value: 1e300 },
  { schema: Schema.bytes, value: Uint8Array.of(0, 255, 3) },
  { schema: point, value: { x: 2 ** 53 - 1, y: 0.1 } },
  { schema: point, value: { x: -(2n ** 63n), y: null } },
  { schema: hostile, value: hostileValue },
  {
    schema: SchemaBuilder.map(Schema.decimal(2), Schema.date).build(),
    value: new Map([[new Decimal(155n, 2), new Date(0)]]),
  },
  { schema: SchemaBuilder.array(point).optional().build(), value: [{ x: 1, y: 2 }] },
  { schema: Schema.timestamp, value: new Date(1_700_000_000_123) },
  { schema: null, value: { a: [1, 2.5, new Float64(10), 'x', null, true, {}], b: 2n ** 62n } },
]
const garbage = ['{"schema":', '{', '"unterminated', '[1,]', '\u0000', '{"a":1}'].map((text) => Buffer.from(text))

describe('the contract of converters, with schemas', () => {
  for (const { name, run } of converterContract({ create: () => createJsonConverter(), examples, garbage }))
    test(name, run)
})

describe('the contract of converters, without schemas', () => {
  const schemaless = examples
    .filter(({ schema }) => schema === null || schema === Schema.string || schema === Schema.int64)
    .map(({ value }) => ({ schema: null, value }))
  const options = {
    create: () => createJsonConverter({ schemasEnable: false }),
    examples: schemaless,
    garbage: garbage.slice(0, -1),
  }
  for (const { name, run } of converterContract(options)) test(name, run)
})
