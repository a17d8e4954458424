import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type ByteMapEntry, decodeJavaMap, encodeJavaMap } from './java-map.ts'

function golden(name: string): Buffer {
  return readFileSync(new URL(`./testdata/offsets-${name}.bin`, import.meta.url))
}

function asTexts(entries: readonly ByteMapEntry[]): Record<string, string | null> {
  return Object.fromEntries(entries.map(([key, value]) => [key?.toString() ?? '<null>', value?.toString() ?? null]))
}

test('reads the map that Java wrote', () => {
  expect(decodeJavaMap(golden('empty'))).toEqual([])
  expect(asTexts(decodeJavaMap(golden('one')))).toEqual({ '["file-source",{"filename":"/tmp/x"}]': '{"position":12}' })
})

test('reads null keys, null values, shared arrays and many entries', () => {
  const texts = asTexts(decodeJavaMap(golden('many')))
  expect(Object.keys(texts)).toHaveLength(24)
  expect(texts).toMatchObject({
    '["a",{"filename":"/tmp/é.txt"}]': '{"position":7}',
    '["b",{"filename":"/tmp/日本"}]': '{"position":7}',
    '["c",{"table":"t","protocol":"1"}]': null,
    '<null>': '{"lost":true}',
    '["many",{"id":19}]': '{"seqno":1843000012901}',
  })
})

test('writes what Java writes, but for the size of its table', () => {
  const bytes = encodeJavaMap(decodeJavaMap(golden('one')))
  const expected = Buffer.from(golden('one'))
  const loadFactor = expected.indexOf('3f400000', 0, 'hex')
  expected.writeInt32BE(12, loadFactor + 4)
  expected.writeInt32BE(16, loadFactor + 10)
  expect(bytes.toString('hex')).toBe(expected.toString('hex'))
})

test('reads back what it wrote', () => {
  const entries = decodeJavaMap(golden('many'))
  expect(asTexts(decodeJavaMap(encodeJavaMap(entries)))).toEqual(asTexts(entries))
})

test('refuses another class, naming it', () => {
  expect(() => decodeJavaMap(golden('foreign'))).toThrow(
    /an object of java\.util\.ArrayList, not of java\.util\.HashMap/,
  )
})

test('refuses what is no Java stream, is cut off, or goes on after the map', () => {
  const whole = golden('many')
  expect(() => decodeJavaMap(Buffer.from('{"position":12}'))).toThrow(/no Java serialisation stream/)
  for (const length of [3, 20, 60, 90, 400, whole.length - 1]) {
    expect(() => decodeJavaMap(whole.subarray(0, length))).toThrow(/the end of the file/)
  }
  expect(() => decodeJavaMap(Buffer.concat([whole, Buffer.from([0])]))).toThrow(/more data than the map/)
})
