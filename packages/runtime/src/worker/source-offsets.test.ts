import { Float64 } from '@sluice/api'
import { expect, test } from 'vitest'
import { createSourceOffsets, OffsetCodec } from './source-offsets.ts'

const codec = new OffsetCodec()

test('writes offsets as Apache\u2019s internal converter does, and reads them back with the kind of every number', () => {
  const offset = { position: 12, big: 9_007_199_254_740_993n, ratio: new Float64(10), text: 'é"', none: null, on: true }
  const text = codec.offsetText(offset)
  expect(text).toBe('{"position":12,"big":9007199254740993,"ratio":10.0,"text":"é\\"","none":null,"on":true}')
  expect(codec.parse(text)).toEqual(offset)
})

test('writes new partitions in the order of a Java map', () => {
  expect(codec.partitionText({ topic: 't', partition: 0, group: 'g' })).toBe('{"partition":0,"topic":"t","group":"g"}')
  expect(codec.partitionText({ 1: 'a', b: 'c' })).toBe('{"1":"a","b":"c"}')
})

test('refuses what is no primitive, in the words of Connect', () => {
  expect(() => codec.offsetText({ position: { nested: 1 } })).toThrow(
    'Offsets may only contain primitive types as values, but field position contains MAP',
  )
  expect(() => codec.offsetText({ position: [1] })).toThrow(/field position contains ARRAY/)
})

test('a store that cannot be read is a failure to fetch offsets, with the reason underneath', async () => {
  const offsets = createSourceOffsets(codec, { read: () => Promise.reject(new Error('the disk is gone')) })
  await expect(offsets.get({ a: 1 })).rejects.toMatchObject({
    message: 'Failed to fetch offsets.',
    cause: { message: 'the disk is gone' },
  })
})

test('reads in the order asked, null where nothing is stored', async () => {
  const offsets = createSourceOffsets(codec, {
    read: async (partitions) => partitions.map((text) => (text === '{"id":2}' ? '{"at":5}' : null)),
  })
  expect(await offsets.getAll([{ id: 1 }, { id: 2 }])).toEqual([null, { at: 5 }])
})
