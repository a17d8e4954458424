import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decodeJavaMap } from './java-map.ts'
import { openOffsetFile } from './offset-file.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offset-file-'))
  path = join(folder, 'connect.offsets')
})
afterEach(() => rmSync(folder, { recursive: true }))

function fromJava(name: string): void {
  copyFileSync(new URL(`./testdata/offsets-${name}.bin`, import.meta.url), path)
}

function stored(): Record<string, string | null> {
  const entries = decodeJavaMap(readFileSync(path))
  return Object.fromEntries(entries.map(([key, value]) => [key?.toString() ?? '<null>', value?.toString() ?? null]))
}

test('has nothing while there is no file, or an empty one', async () => {
  const store = await openOffsetFile(path)
  expect(await store.read('a', ['{"filename":"x"}'])).toEqual([null])
  writeFileSync(path, '')
  expect(await (await openOffsetFile(path)).read('a', ['{"filename":"x"}'])).toEqual([null])
})

test('goes on from the file of Apache Connect and keeps what it does not know', async () => {
  fromJava('many')
  const before = stored()
  const store = await openOffsetFile(path)
  expect(await store.read('b', ['{"filename":"/tmp/日本"}', '{"filename":"/tmp/other"}'])).toEqual([
    '{"position":7}',
    null,
  ])
  await store.write('b', [{ partition: '{"filename":"/tmp/日本"}', offset: '{"position":9007199254740993}' }])
  expect(stored()).toEqual({ ...before, '["b",{"filename":"/tmp/日本"}]': '{"position":9007199254740993}' })
})

test('finds a partition whatever the order of its keys, and keeps the bytes of its key', async () => {
  fromJava('many')
  const store = await openOffsetFile(path)
  await store.write('c', [{ partition: '{"protocol":"1","table":"t"}', offset: '{"ts":5}' }])
  expect(await store.read('c', ['{"table": "t", "protocol": "1"}'])).toEqual(['{"ts":5}'])
  expect(stored()['["c",{"table":"t","protocol":"1"}]']).toBe('{"ts":5}')
})

test('keeps 1 and 1.0 apart, as Java keeps Long and Double', async () => {
  const store = await openOffsetFile(path)
  await store.write('a', [
    { partition: '{"id":1}', offset: '{"at":1}' },
    { partition: '{"id":1.0}', offset: '{"at":2}' },
  ])
  expect(await store.read('a', ['{"id":1}', '{"id":1.00}', '{"id":"1"}'])).toEqual(['{"at":1}', '{"at":2}', null])
})

test('writes the key as Apache Connect does', async () => {
  const store = await openOffsetFile(path)
  await store.write('file-source', [{ partition: '{"filename":"/tmp/x"}', offset: '{"position":12}' }])
  expect(stored()).toEqual({ '["file-source",{"filename":"/tmp/x"}]': '{"position":12}' })
})

test('forgets a partition with a null value, as Apache Connect does', async () => {
  fromJava('one')
  const store = await openOffsetFile(path)
  await store.write('file-source', [{ partition: '{"filename":"/tmp/x"}', offset: null }])
  expect(await store.read('file-source', ['{"filename":"/tmp/x"}'])).toEqual([null])
  expect(stored()).toEqual({ '["file-source",{"filename":"/tmp/x"}]': null })
})

test('writes that come together are all safe when they resolve', async () => {
  const store = await openOffsetFile(path)
  const partitions = Array.from({ length: 50 }, (_, id) => `{"id":${id}}`)
  await Promise.all(partitions.map((partition, id) => store.write('a', [{ partition, offset: `{"at":${id}}` }])))
  expect(Object.keys(stored())).toHaveLength(50)
  expect(await (await openOffsetFile(path)).read('a', ['{"id":49}'])).toEqual(['{"at":49}'])
})

test('leaves nothing beside the file, follows a link and keeps its mode', async () => {
  const real = join(folder, 'real.offsets')
  writeFileSync(real, '', { mode: 0o600 })
  symlinkSync(real, path)
  const store = await openOffsetFile(path)
  await store.write('a', [{ partition: '{"id":1}', offset: '{"at":1}' }])
  await store.close()
  expect(readdirSync(folder).toSorted()).toEqual(['connect.offsets', 'real.offsets'])
  expect(statSync(real).mode & 0o777).toBe(0o600)
  expect(decodeJavaMap(readFileSync(real))).toHaveLength(1)
})

test('refuses a foreign file and leaves it as it is', async () => {
  writeFileSync(path, '{"file-source":{"position":12}}')
  await expect(openOffsetFile(path)).rejects.toThrow(/Reading the offset file .*: it is not one of Connect's/)
  expect(readFileSync(path, 'utf8')).toBe('{"file-source":{"position":12}}')
})

test('refuses a path that cannot be written before anything is read', async () => {
  await expect(openOffsetFile(join(folder, 'absent', 'file'))).rejects.toThrow(/Writing the offset file .*ENOENT/)
  mkdirSync(path)
  await expect(openOffsetFile(path)).rejects.toThrow(/the offset file/)
})

test('a write that fails rejects, and the next one writes both', async () => {
  const inner = join(folder, 'inner')
  mkdirSync(inner)
  path = join(inner, 'connect.offsets')
  const store = await openOffsetFile(path)
  rmSync(inner, { recursive: true })
  await expect(store.write('a', [{ partition: '{"id":1}', offset: '{"at":1}' }])).rejects.toThrow(
    /Writing the offset file/,
  )
  mkdirSync(inner)
  await store.write('a', [{ partition: '{"id":2}', offset: '{"at":2}' }])
  expect(stored()).toEqual({ '["a",{"id":1}]': '{"at":1}', '["a",{"id":2}]': '{"at":2}' })
})
