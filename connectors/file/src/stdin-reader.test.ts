import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { isRetriable } from '@sluice/api'
import { expect, test } from 'vitest'
import type { ByteReader } from './byte-reader.ts'
import { openStdinReader } from './stdin-reader.ts'

const { signal } = new AbortController()
const days = 86_400_000
const nothing = Buffer.alloc(0)

/** Reads, as often as it takes, the next so many bytes. */
async function read(reader: ByteReader, count: number, roomSize = 4): Promise<string> {
  const parts: Buffer[] = []
  for (let left = count; left > 0;) {
    const room = Buffer.alloc(Math.min(left, roomSize))
    const got = await reader.read(room)
    if (got === 0) await reader.idle(days)
    parts.push(room.subarray(0, got))
    left -= got
  }
  return Buffer.concat(parts).toString()
}

test('gives the bytes in order, in rooms of any size', async () => {
  const stream = new PassThrough()
  const reader = openStdinReader(stream, signal)
  stream.write('some text ')
  stream.write('and more')
  expect(await read(reader, 18)).toBe('some text and more')
  expect(await reader.read(Buffer.alloc(4))).toBe(0)
})

test('waits until there is more', async () => {
  const stream = new PassThrough()
  const reader = openStdinReader(stream, signal)
  expect(await reader.read(Buffer.alloc(4))).toBe(0)
  const reading = read(reader, 4)
  stream.write('late')
  expect(await reading).toBe('late')
})

test('does not wait for what has come since the last read', async () => {
  const stream = new PassThrough()
  const reader = openStdinReader(stream, signal)
  expect(await reader.read(Buffer.alloc(4))).toBe(0)
  stream.write('late')
  await once(stream, 'readable')
  await reader.idle(days)
  expect(await read(reader, 4)).toBe('late')
})

test('does not wait past the end of the task, and has nothing behind the end of the stream', async () => {
  const stream = new PassThrough()
  const ending = new AbortController()
  const reader = openStdinReader(stream, ending.signal)
  stream.end('end')
  expect(await read(reader, 3)).toBe('end')
  expect(await reader.read(Buffer.alloc(4))).toBe(0)
  expect(await reader.read(Buffer.alloc(4))).toBe(0)
  const waiting = reader.idle(days)
  ending.abort()
  await waiting
  await reader.close(nothing)
})

test('leaves to the next task what was not used', async () => {
  const stream = new PassThrough()
  const first = openStdinReader(stream, signal)
  stream.write('line\nunused and unread')
  expect(await read(first, 11, 11)).toBe('line\nunused')
  await first.close(Buffer.from('unused'))
  stream.write(' and new')
  const second = openStdinReader(stream, signal)
  expect(await read(second, 25)).toBe('unused and unread and new')
  await second.close(nothing)
  expect(stream.listenerCount('readable')).toBe(0)
})

test('tells of a broken stream', async () => {
  const stream = new PassThrough()
  const reader = openStdinReader(stream, signal)
  stream.destroy(new Error('EIO'))
  await new Promise(setImmediate)
  const error: unknown = await reader.read(Buffer.alloc(4)).catch((thrown: unknown) => thrown)
  expect(isRetriable(error)).toBe(true)
  expect(String(error)).toContain('Reading the standard input: EIO')
})
