import { Decimal, float64, Schema, SchemaBuilder, structMaker, type Value } from '@sluice/api'
import { sinkRecordOf } from '@sluice/testkit'
import { expect, test } from 'vitest'
import { linesOf } from './sink-text.ts'

const person = SchemaBuilder.struct()
  .field('name', Schema.string)
  .field('note', Schema.optionalString)
  .field('age', Schema.int32)
  .build()

const lineOf = (value: Value, valueSchema: Schema | null): string =>
  linesOf([sinkRecordOf({ value, valueSchema })]).toString()

test.each<[Value, Schema | null, string]>([
  ['text', Schema.string, 'text'],
  ['', null, ''],
  ['two\nlines', null, 'two\nlines'],
  ['日本 é 😀', null, '日本 é 😀'],
  [null, Schema.optionalString, 'null'],
  [null, null, 'null'],
  [true, null, 'true'],
  [7, Schema.int32, '7'],
  [1, Schema.float64, '1.0'],
  [1e7, Schema.float64, '1.0E7'],
  [1e-4, Schema.float64, '1.0E-4'],
  [float64(10), null, '10.0'],
  [9007199254740993n, Schema.int64, '9007199254740993'],
  [Decimal.parse('0.000000001'), Schema.decimal(9), '1E-9'],
  [new Date(1_700_000_000_000), Schema.timestamp, 'Tue Nov 14 22:13:20 UTC 2023'],
  [structMaker(person).from({ name: 'x', age: 1 }), person, 'Struct{name=x,age=1}'],
  [
    new Map<Value, Value>([
      ['k', 1],
      ['z', null],
    ]),
    SchemaBuilder.map(Schema.string, Schema.optionalInt32).build(),
    '{k=1, z=null}',
  ],
  [['a', 'b'], null, '[a, b]'],
  [{ a: 1, b: { c: [] } }, null, '{a=1, b={c=[]}}'],
])('writes a value as Java prints it: $2', (value, schema, text) => {
  expect(lineOf(value, schema)).toBe(`${text}\n`)
})

test.each([
  ['\ud83d', '?'],
  ['a\ude00b', 'a?b'],
  ['\ude00\ud83d', '??'],
  ['\ud83d\ud83d\ude00', '?\u{1f600}'],
])('writes half a surrogate pair as Java does: %j', (value, text) => {
  expect(lineOf(value, null)).toBe(`${text}\n`)
})

test('writes a line per record, in order', () => {
  const records = ['a', null, 'b'].map((value) => sinkRecordOf({ value }))
  expect(linesOf(records).toString()).toBe('a\nnull\nb\n')
  expect(linesOf([]).toString()).toBe('')
})

test('writes more text than fits into one piece as one', () => {
  const value = 'é'.repeat(9 * 1024 * 1024)
  const bytes = linesOf([1, 2].map(() => sinkRecordOf({ value })))
  expect(bytes.equals(Buffer.from(`${value}\n`.repeat(2)))).toBe(true)
})
