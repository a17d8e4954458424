import { PassThrough, Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { openStdoutOutput } from './stdout-output.ts'

test('resolves when the stream has taken the bytes, and leaves it open', async () => {
  const taken: string[] = []
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      setImmediate(() => {
        taken.push(chunk.toString())
        done()
      })
    },
  })
  const output = openStdoutOutput(stream)
  await output.append(Buffer.from('a\nb\n'))
  expect(taken).toEqual(['a\nb\n'])
  await output.sync()
  await output.close()
  expect(stream.writable).toBe(true)
})

test('tells that the stream is gone', async () => {
  const stream = new PassThrough()
  stream.destroy()
  const output = openStdoutOutput(stream)
  await expect(output.append(Buffer.from('a\n'))).rejects.toThrow('Writing to the standard output: ')
  await output.close()
  expect(stream.listenerCount('error')).toBe(0)
})

test('tells that a write failed, without an error that nobody catches', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) })
  await expect(openStdoutOutput(stream).append(Buffer.from('a\n'))).rejects.toThrow('standard output: EPIPE.')
})
