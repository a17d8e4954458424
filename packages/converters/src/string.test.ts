import { readFileSync } from 'node:fs'
import { isConfigError, Schema, SchemaBuilder } from '@sluice/api'
import {
  converterContract,
  type ConverterContractOptions,
  recordedSchema,
  type RecordedSchema,
  recordedValue,
} from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import { createStringConverter, stringConverter } from './string.ts'

interface WriteCase {
  readonly schema: RecordedSchema
  readonly value: unknown
  readonly out: string | null
}

interface ReadCase {
  readonly inHex: string | null
  readonly value: string | null
}

const recording = JSON.parse(
  readFileSync(new URL('../testdata/other-converters.json', import.meta.url), 'utf8'),
) as Readonly<Record<'StringConverter.fromConnectData', readonly WriteCase[]>> &
  Readonly<Record<'StringConverter.toConnectData', readonly ReadCase[]>>

const textOf = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('utf8')

describe('writing what Java writes', () => {
  const cases = recording['StringConverter.fromConnectData']
  // Java prints the class and identity of bytes, which says nothing of them; ours are base64.
  const isBytes = ({ out }: WriteCase): boolean =>
    out !== null && (out.includes('[B@') || out.includes('HeapByteBuffer'))
  // A plain object says nothing of its schema: without one beside it, it is a map.
  const isBareStruct = ({ schema, value }: WriteCase): boolean =>
    schema === null && JSON.stringify(value).startsWith('{"struct"')
  const compared = cases.filter((one) => !isBytes(one) && !isBareStruct(one))

  test('covers the whole recording but for bytes and one struct without a schema', () => {
    expect(cases.filter(isBytes).length).toBe(4)
    expect(cases.filter(isBareStruct).length).toBe(1)
  })

  test.each(compared.map((one) => [JSON.stringify(one.schema), JSON.stringify(one.value), one] as const))(
    '%s %s',
    (_schema, _value, one) => {
      const schema = recordedSchema(one.schema)
      const bytes = createStringConverter().fromConnectData('t', [], schema, recordedValue(one.value, schema))
      expect(textOf(bytes)).toBe(one.out)
    },
  )

  test('writes bytes as base64', () => {
    expect(textOf(createStringConverter().fromConnectData('t', [], Schema.bytes, Uint8Array.of(1, 2, 255)))).toBe(
      'AQL/',
    )
  })

  test('writes a lone surrogate as a question mark', () => {
    expect(textOf(createStringConverter().fromConnectData('t', [], Schema.string, 'a\ud83db😀'))).toBe('a?b😀')
  })
})

describe('reading what Java reads', () => {
  test.each(recording['StringConverter.toConnectData'].map((one) => [one.inHex, one.value] as const))(
    '%s',
    (hex, value) => {
      const bytes = hex === null ? null : Buffer.from(hex, 'hex')
      expect(createStringConverter().toConnectData('t', [], bytes)).toEqual({ schema: Schema.optionalString, value })
    },
  )

  test('gives one replacement character for an encoded surrogate', () => {
    expect(createStringConverter().toConnectData('t', [], Buffer.from('61eda08062', 'hex')).value).toBe('a�b')
  })
})

describe('converter.encoding', () => {
  const hexOf = (encoding: string, text: string): string =>
    Buffer.from(createStringConverter(encoding).fromConnectData('t', [], null, text)!).toString('hex')
  const textIn = (encoding: string, hex: string): unknown =>
    createStringConverter(encoding).toConnectData('t', [], Buffer.from(hex, 'hex')).value

  test.each([
    ['UTF-8', 'é€😀', 'c3a9e282acf09f9880'],
    ['utf8', 'é', 'c3a9'],
    ['ISO-8859-1', 'é', 'e9'],
    ['latin1', 'ÿ', 'ff'],
    ['US-ASCII', 'a~', '617e'],
    ['UTF-16', 'é😀', 'feff00e9d83dde00'],
    ['UTF-16BE', 'é', '00e9'],
    ['UTF-16LE', 'é😀', 'e9003dd800de'],
  ])('%s carries %s', (encoding, text, hex) => {
    expect(hexOf(encoding, text)).toBe(hex)
    expect(textIn(encoding, hex)).toBe(text)
  })

  test.each([
    ['US-ASCII', 'aé😀', '613f3f'],
    ['ISO-8859-1', '€😀é', '3f3fe9'],
    ['UTF-16', '', ''],
  ])('%s replaces what it cannot write of %s', (encoding, text, hex) => {
    expect(hexOf(encoding, text)).toBe(hex)
  })

  test.each([
    ['US-ASCII', '61e9', 'a�'],
    ['UTF-16', '00e9', 'é'],
    ['UTF-16', 'fffee900', 'é'],
    ['UTF-16', 'e9', '�'],
    ['UTF-8', 'efbbbf61', '\ufeffa'],
  ])('%s reads %s', (encoding, hex, text) => {
    expect(textIn(encoding, hex)).toBe(text)
  })

  test('names an encoding that there is not, and those that there are', () => {
    try {
      stringConverter.create({ 'converter.type': 'key', 'converter.encoding': 'nope' }, { type: 'key' })
      expect.unreachable()
    } catch (error) {
      expect(isConfigError(error) && error.issues).toEqual([
        expect.objectContaining({
          key: 'converter.encoding',
          message: 'Unsupported encoding nope',
          suggestion: expect.stringContaining('UTF-16LE') as string,
        }),
      ])
    }
  })
})

describe('the contract of converters', () => {
  const struct = SchemaBuilder.struct().field('a', Schema.int32).field('constructor', Schema.optionalString).build()
  const read = (value: string) => ({ schema: Schema.optionalString, value })
  const options: ConverterContractOptions = {
    create: () => createStringConverter(),
    examples: [
      { schema: Schema.string, value: 'Zürich 日本 😀', readBack: read('Zürich 日本 😀') },
      { schema: struct, value: { a: 1, constructor: null }, readBack: read('Struct{a=1}') },
      { schema: Schema.int64, value: 5n, readBack: read('5') },
      { schema: null, value: { a: [1, 2.5] }, readBack: read('{a=[1, 2.5]}') },
    ],
    garbage: [],
  }
  for (const { name, run } of converterContract(options)) test(name, run)
})
