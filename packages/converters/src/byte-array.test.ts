import { readFileSync } from 'node:fs'
import { DataError, Schema } from '@sluice/api'
import { converterContract, recordedSchema, type RecordedSchema, recordedValue } from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import { createByteArrayConverter } from './byte-array.ts'

interface WriteCase {
  readonly schema: RecordedSchema
  readonly value: unknown
  readonly outHex?: string
  readonly out?: null
  readonly error?: { readonly message: string }
}

interface ReadCase {
  readonly inHex: string | null
}

const recording = JSON.parse(
  readFileSync(new URL('../testdata/other-converters.json', import.meta.url), 'utf8'),
) as Readonly<Record<'ByteArrayConverter.fromConnectData', readonly WriteCase[]>> &
  Readonly<Record<'ByteArrayConverter.toConnectData', readonly ReadCase[]>>

/** Java names the class that it found, of which it has more than there are kinds of values here. */
const lessClasses = /Arrays\$ArrayList|ImmutableCollections|BigInteger|class java\.lang\.(Long|Integer)$|data\.Struct$/

test('writes what Java writes', () => {
  let compared = 0
  for (const one of recording['ByteArrayConverter.fromConnectData']) {
    const schema = recordedSchema(one.schema)
    const write = () => createByteArrayConverter().fromConnectData('t', [], schema, recordedValue(one.value, schema))
    if (one.error === undefined) {
      const bytes = write()
      expect(bytes === null ? null : Buffer.from(bytes).toString('hex')).toBe(one.outHex ?? null)
    } else if (lessClasses.test(one.error.message)) {
      expect(write).toThrow('ByteArrayConverter is not compatible with objects of type class ')
      continue
    } else {
      expect(write).toThrow(new DataError(one.error.message))
    }
    compared++
  }
  expect(compared).toBe(91)
})

test('reads what Java reads, as a copy', () => {
  for (const { inHex } of recording['ByteArrayConverter.toConnectData']) {
    const bytes = inHex === null ? null : Buffer.from(inHex, 'hex')
    const read = createByteArrayConverter().toConnectData('t', [], bytes)
    expect(read.schema).toBe(Schema.optionalBytes)
    bytes?.fill(7)
    expect(read.value === null ? null : Buffer.from(read.value as Uint8Array).toString('hex')).toBe(inHex)
  }
})

describe('the contract of converters', () => {
  const readBack = { schema: Schema.optionalBytes, value: Uint8Array.of(0, 1, 255) }
  const options = {
    create: createByteArrayConverter,
    examples: [
      { schema: Schema.bytes, value: Uint8Array.of(0, 1, 255), readBack },
      { schema: null, value: Uint8Array.of(0, 1, 255), readBack },
      { schema: Schema.optionalBytes, value: new Uint8Array() },
    ],
    garbage: [],
  }
  for (const { name, run } of converterContract(options)) test(name, run)
})
