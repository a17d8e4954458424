import { expect, test } from 'vitest'
import { configSpec } from './config-spec.ts'
import { field } from './field.ts'
import { nearestKey, unknownKeys } from './unknown-keys.ts'

const spec = configSpec(
  {
    topic: field.string({ doc: 'Topic.' }),
    'batch.size': field.int({ doc: 'Size.', default: 1 }),
    'connection.url': field.string({ doc: 'URL.', optional: true }),
  },
  { openPrefixes: ['producer.override.'] },
)

test('names each unknown key with the known one that was probably meant', () => {
  const props = { topci: 't', batch_size: '1', 'Connection.URL': 'u', colour: 'red', 'producer.override.acks': '1' }
  expect(unknownKeys(spec, props)).toEqual([
    { key: 'topci', nearest: 'topic' },
    { key: 'batch_size', nearest: 'batch.size' },
    { key: 'Connection.URL', nearest: 'connection.url' },
    { key: 'colour', nearest: null },
  ])
})

test('does not suggest a key that is given', () => {
  expect(unknownKeys(spec, { topic: 't', topics: 'u' })).toEqual([{ key: 'topics', nearest: null }])
})

test('does not take members of every object for known keys', () => {
  expect(unknownKeys(spec, JSON.parse('{"__proto__":"a","constructor":"b"}')).map(({ key }) => key)).toEqual([
    '__proto__',
    'constructor',
  ])
})

test.each([
  ['flie', 'file'],
  ['fil', 'file'],
  ['x', null],
  ['', null],
  ['completely-different', null],
])('finds the nearest of file and topic to %j: %j', (text, nearest) => {
  expect(nearestKey(text, ['file', 'topic'])).toBe(nearest)
})
