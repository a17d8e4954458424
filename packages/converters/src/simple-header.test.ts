import { readFileSync } from 'node:fs'
import { Schema } from '@sluice/api'
import { recordedSchema, type RecordedSchema, recordedValue } from '@sluice/testkit'
import { describe, expect, test } from 'vitest'
import { createSimpleHeaderConverter } from './simple-header.ts'

interface WriteCase {
  readonly schema: RecordedSchema
  readonly value: unknown
  readonly out: string | null
}

const recording = JSON.parse(
  readFileSync(new URL('../testdata/simple-header-converter.json', import.meta.url), 'utf8'),
) as { readonly fromConnectHeader: readonly WriteCase[] }

/** Without its schema beside it a struct is a map of its members, so that defaults are not known. */
const needsSchema = ({ schema, value }: WriteCase): boolean =>
  schema === null && JSON.stringify(value).startsWith('{"struct"')

describe('writing what Java writes', () => {
  const compared = recording.fromConnectHeader.filter((one) => !needsSchema(one))

  test('covers the whole recording but for one struct without a schema', () => {
    expect(recording.fromConnectHeader.length - compared.length).toBe(1)
  })

  test.each(compared.map((one) => [JSON.stringify(one.schema), JSON.stringify(one.value), one] as const))(
    '%s %s',
    (_schema, _value, one) => {
      const schema = recordedSchema(one.schema)
      const bytes = createSimpleHeaderConverter().fromConnectHeader('t', 'h', schema, recordedValue(one.value, schema))
      expect(bytes === null ? null : Buffer.from(bytes).toString('utf8')).toBe(one.out)
    },
  )
})

describe('reading', () => {
  const converter = createSimpleHeaderConverter()

  test('gives text as it is', () => {
    for (const text of ['', '12', ' true ', '[1,2]', 'null', 'é😀']) {
      const read = converter.toConnectHeader('t', 'h', Buffer.from(text))
      expect(read).toEqual({ schema: Schema.string, value: text })
      expect(String(converter.fromConnectHeader('t', 'h', read.schema, read.value))).toBe(text)
    }
  })

  test('gives null for no bytes, and replacement characters for bytes that are not UTF-8', () => {
    expect(converter.toConnectHeader('t', 'h', null)).toEqual({ schema: null, value: null })
    expect(converter.toConnectHeader('t', 'h', Buffer.from('61ff', 'hex')).value).toBe('a�')
  })
})
