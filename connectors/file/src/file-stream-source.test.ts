import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isConnectError, isRetriable, Schema, type SourceOffset } from '@sluice/api'
import { runSourceTask, type SourceTaskRun } from '@sluice/testkit'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hostileBytes, modelLines } from '../test/line-model.ts'
import { fileStreamSource } from './file-stream-source.ts'

let dir: string
let file: string
let running: SourceTaskRun[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-file-source-'))
  file = join(dir, 'in.txt')
  running = []
})

afterEach(async () => {
  for (const run of running) await run.stop()
  await rm(dir, { recursive: true, force: true })
})

async function start(offset: SourceOffset | null = null, props: Record<string, string> = {}): Promise<SourceTaskRun> {
  const offsets = offset === null ? [] : [{ partition: { filename: file }, offset }]
  const run = await runSourceTask(fileStreamSource, { file, topic: 'lines', ...props }, { offsets })
  running.push(run)
  return run
}

async function values(run: SourceTaskRun, count: number): Promise<readonly unknown[]> {
  return (await run.take(count)).map(({ value }) => value)
}

/** Polls until so many lines were logged, without records meanwhile. */
async function warnings(run: SourceTaskRun, count = 1): Promise<SourceTaskRun['log']['lines']> {
  for (let polls = 0; polls < 4 && run.log.at('warn').length < count; polls++) expect(await run.poll()).toEqual([])
  return run.log.at('warn')
}

test('makes a record of every line', async () => {
  await writeFile(file, 'first\nzwei é\n')
  const before = Date.now()
  const records = await (await start()).take(2)
  const common = {
    topic: 'lines',
    partition: null,
    keySchema: null,
    key: null,
    valueSchema: Schema.string,
    headers: [],
    sourcePartition: { filename: file },
  }
  expect(records).toEqual([
    { ...common, value: 'first', timestamp: expect.any(Number), sourceOffset: { position: 6 } },
    { ...common, value: 'zwei é', timestamp: expect.any(Number), sourceOffset: { position: 14 } },
  ])
  for (const { timestamp } of records) {
    expect(timestamp).toBeGreaterThanOrEqual(before)
    expect(timestamp).toBeLessThanOrEqual(Date.now())
  }
})

test('is one task, whatever tasks.max says', async () => {
  await writeFile(file, '')
  const props = { file, topic: 'lines' }
  await expect(runSourceTask(fileStreamSource, props, { maxTasks: 3, task: 1 })).rejects.toThrow(
    'The connector has 1 tasks',
  )
})

describe('positions', () => {
  test('go on behind the line that was saved, in bytes', async () => {
    await writeFile(file, 'é\nzwei\n日本\nend\n')
    expect(await values(await start({ position: 3 }), 3)).toEqual(['zwei', '日本', 'end'])
    expect(await values(await start({ position: 8n }), 2)).toEqual(['日本', 'end'])
    expect(await values(await start({ position: 15 }), 1)).toEqual(['end'])
  })

  test.each([[{}], [{ position: null }], [{ other: 1 }], [{ position: 0 }]])(
    '%j begins at the beginning',
    async (offset) => {
      await writeFile(file, 'a\n')
      expect(await values(await start(offset), 1)).toEqual(['a'])
    },
  )

  test.each([['7'], [1.5], [-1], [-1n], [true], [[1]]])('%s is refused', async (position) => {
    await writeFile(file, 'a\n')
    const error: unknown = await start({ position }).catch((thrown: unknown) => thrown)
    expect(isConnectError(error)).toBe(true)
    expect(String(error)).toContain(`Offset position is the incorrect type: of the file ${file}, it is `)
  })

  test('whatever a restart saw before, each line comes once, for any file and any portions', async () => {
    await fc.assert(
      fc.asyncProperty(hostileBytes, fc.integer({ min: 1, max: 7 }), fc.nat(6), async (bytes, batch, extra) => {
        await writeFile(file, bytes)
        const expected = modelLines(bytes)
        const read: { readonly text: unknown; readonly end: unknown }[] = []
        while (read.length < expected.length) {
          const run = await start(read.length === 0 ? null : { position: read.at(-1)!.end as number }, {
            'batch.size': `${batch}`,
          })
          const count = Math.min(expected.length - read.length, 1 + extra)
          for (const { value, sourceOffset } of await run.take(count)) {
            read.push({ text: value, end: sourceOffset['position'] })
          }
          await run.stop()
          running.pop()
        }
        expect(read).toEqual(expected)
      }),
      { seed: 42, numRuns: 150 },
    )
  })
})

describe('reading', () => {
  test('holds for lines around the size of a read, whatever ends them', async () => {
    const read = 256 * 1024
    const lines: string[] = []
    const parts: string[] = []
    const add = (line: string, end: string): void => {
      lines.push(line)
      parts.push(line, end)
    }
    let size = 0
    for (const [index, end] of ['\n', '\r', '\r\n', '\n', '\r\n', '\r', '\r\n'].entries()) {
      // The first byte of the end, or its second, or a part of a character lies on a boundary.
      const next = (index + 1) * read
      const tail = index % 2 === 0 ? 'é' : '日'
      const head = 'x'.repeat(next - size - Buffer.byteLength(tail) - (index % 3))
      add(head + tail, end)
      size += Buffer.byteLength(head + tail + end)
    }
    add('last', '\n')
    await writeFile(file, parts.join(''))
    expect(await values(await start(), lines.length)).toEqual(lines)
  })

  test('goes on as the file grows, by whatever bytes', async () => {
    const text = Buffer.from('eins\r\nzwei é\r\r\n日本\n😀\n')
    await writeFile(file, '')
    const run = await start()
    const expected = modelLines(text)
    for (let at = 0, seen = 0; at < text.length; at++) {
      await appendFile(file, text.subarray(at, at + 1))
      const complete = modelLines(text.subarray(0, at + 1)).length
      expect(await values(run, complete - seen)).toEqual(expected.slice(seen, complete).map((line) => line.text))
      seen = complete
    }
  })

  test('hands over at most batch.size lines, and at least one', async () => {
    await writeFile(file, 'a\nb\nc\nd\ne\n')
    const two = await start(null, { 'batch.size': '2' })
    const sizes: number[] = []
    for (let poll = 0; poll < 3; poll++) sizes.push((await two.poll()).length)
    expect(sizes).toEqual([2, 2, 1])
    const none = await start(null, { 'batch.size': '0' })
    expect(await none.poll()).toHaveLength(1)
  })

  test('bounds what it hands over in bytes, too', async () => {
    await writeFile(file, `${'x'.repeat(1024 * 1024 - 1)}\n`.repeat(10))
    const run = await start()
    expect((await run.poll()).length).toBe(4)
    expect((await run.take(6)).length).toBe(6)
  })

  test('reads bytes that are not UTF-8 as Java does, warns once and counts', async () => {
    await writeFile(file, Buffer.from('good\n\xff bad\nworse \xed\xa0\x80\n', 'latin1'))
    const run = await start({ position: 5 })
    expect(await values(run, 2)).toEqual(['\uFFFD bad', 'worse \uFFFD'])
    expect(run.log.at('warn').map(({ fields }) => fields)).toEqual([{ file, position: 5 }])
    await run.stop()
    running.pop()
    expect(run.log.at('warn').at(-1)?.fields).toEqual({ file, lines: 2 })
  })

  test('refuses a line that is longer than a record can be, naming where it begins', async () => {
    await writeFile(file, 'short\n')
    await truncate(file, 64 * 1024 * 1024 + 100)
    const run = await start()
    // The lines before it are not lost: they come first.
    expect(await values(run, 1)).toEqual(['short'])
    await expect(run.poll()).rejects.toThrow(
      `Reading the file ${file}: the line that begins at byte 6 is longer than 64 MiB`,
    )
  })
})

describe('a file', () => {
  test('that is not there is waited for, and the log says so once', async () => {
    const run = await start()
    expect(await run.poll()).toEqual([])
    await writeFile(file, 'there\n')
    expect(await values(run, 1)).toEqual(['there'])
    expect(run.log.at('warn')).toEqual([
      { level: 'warn', message: 'The file does not exist; waiting for it', fields: { file } },
    ])
  })

  test('that appears later is read from the saved position', async () => {
    const run = await start({ position: 2 })
    await writeFile(file, 'a\nb\n')
    expect(await values(run, 1)).toEqual(['b'])
  })

  test.each([
    ['is a folder', () => mkdir(file), 'it is a folder (EISDIR)'],
    ['lies behind a file', () => writeFile(join(dir, 'in'), ''), 'a part of its path is not a folder (ENOTDIR)'],
    ['is a link to itself', () => symlink(file, file), 'its symbolic links run in a circle (ELOOP)'],
  ])('that %s is refused', async (_what, make, found) => {
    if (found.includes('ENOTDIR')) file = join(dir, 'in', 'in.txt')
    await make()
    const error: unknown = await start().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'FILE_UNREADABLE' })
    expect(isRetriable(error)).toBe(false)
    expect(String(error)).toContain(`Opening the file ${file} to read it: ${found}`)
  })

  test.skipIf(process.platform === 'win32')('that is a pipe is refused, and not waited for', async () => {
    execFileSync('mkfifo', [file])
    await expect(start()).rejects.toThrow(`${file} to read it: it is a pipe, a socket or a device`)
  })

  test('that ends before the saved position is waited for, and the log says so once', async () => {
    await writeFile(file, 'short\n')
    const run = await start({ position: 10 })
    expect(await warnings(run)).toMatchObject([{ fields: { file, position: 10, size: 6 } }])
    expect(await run.poll()).toEqual([])
    await appendFile(file, '1234more\n')
    expect(await values(run, 1)).toEqual(['more'])
    expect(run.log.at('warn')).toHaveLength(1)
  })

  test('that is cut is waited for until it has grown again, and each time the log says so', async () => {
    await writeFile(file, 'some lines\n')
    const run = await start()
    await run.take(1)
    await truncate(file, 0)
    expect(await warnings(run)).toMatchObject([{ fields: { file, position: 11, size: 0 } }])
    expect(await run.poll()).toEqual([])
    await writeFile(file, 'other lines\nend\n')
    expect(await values(run, 2)).toEqual(['', 'end'])
    await truncate(file, 5)
    expect(await warnings(run, 2)).toMatchObject([{}, { fields: { file, position: 16, size: 5 } }])
  })

  test('that is replaced is read to its end, and the log says once that there is another', async () => {
    await writeFile(file, 'old\n')
    const run = await start()
    await run.take(1)
    await rename(file, `${file}.1`)
    await writeFile(file, 'new\n')
    expect(await warnings(run)).toMatchObject([{ fields: { file, position: 4 } }])
    await appendFile(`${file}.1`, 'late\n')
    expect(await values(run, 1)).toEqual(['late'])
  })
})

describe('a wait for more', () => {
  test.each([
    ['nothing new in the file', ''],
    ['no file', null],
  ])('ends with the task: %s', async (_what, content) => {
    if (content !== null) await writeFile(file, content)
    const run = await start()
    const waiting = run.poll()
    await run.stop()
    running.pop()
    expect(await waiting).toEqual([])
  })
})

describe('offsets that a user sets', () => {
  const partition = { filename: 'f' }
  const alter = (offsets: readonly object[], props: Record<string, string> = { file: 'f', topic: 't' }): unknown =>
    fileStreamSource.alterOffsets?.(props, offsets as never)

  test.each([
    [[]],
    [[{ partition, offset: { position: 0 } }]],
    [[{ partition: { filename: 'another' }, offset: { position: 9007199254740993n } }]],
    [[{ partition: null, offset: null }]],
    [[{ partition: {}, offset: null }]],
  ])('are taken: %#', (offsets) => {
    expect(alter(offsets)).toBe(true)
  })

  test.each([
    [{ partition, offset: {} }, "Offset objects should either be null or contain the key 'position'"],
    [
      { partition, offset: { position: '5' } },
      "The value for the 'position' key in the offset is expected to be a Long value",
    ],
    [
      { partition, offset: { position: null } },
      "The value for the 'position' key in the offset is expected to be a Long value",
    ],
    [
      { partition, offset: { position: 1.5 } },
      "The value for the 'position' key in the offset is expected to be a Long value",
    ],
    [
      { partition, offset: { position: 2n ** 63n } },
      "The value for the 'position' key in the offset is expected to be a Long value",
    ],
    [
      { partition, offset: { position: -1 } },
      "The value for the 'position' key in the offset should be a non-negative value",
    ],
    [{ partition: null, offset: { position: 1 } }, 'Partition objects cannot be null'],
    [{ partition: { file: 'f' }, offset: { position: 1 } }, "Partition objects should contain the key 'filename'"],
  ])('are refused in the words of Connect: %#', (offset, message) => {
    expect(() => alter([offset])).toThrow(message)
  })

  test.each([[{ topic: 't' }], [{ file: '', topic: 't' }]])('are refused for the standard input: %j', (props) => {
    expect(() => alter([], props)).toThrow(
      "Offsets cannot be modified if the 'file' configuration is unspecified. " +
        'This is because stdin is used for input and offsets are not tracked.',
    )
  })
})

test('each record is delivered once, if the worker does its part, from a file only', () => {
  const config = { file, topic: 't', 'batch.size': 1 }
  expect(fileStreamSource.exactlyOnceSupport?.(config)).toBe('supported')
  expect(fileStreamSource.exactlyOnceSupport?.({ ...config, file: '' })).toBe('unsupported')
  expect(fileStreamSource.exactlyOnceSupport?.({ topic: 't', 'batch.size': 1 })).toBe('unsupported')
})
