import { execFileSync } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRetriable, type SinkRecord } from '@sluice/api'
import { runSinkTask, sinkRecordOf, type SinkTaskRun } from '@sluice/testkit'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileStreamSink } from './file-stream-sink.ts'

const isLinux = process.platform === 'linux'
let dir: string
let file: string
let running: SinkTaskRun[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-file-sink-'))
  file = join(dir, 'out.txt')
  running = []
})

afterEach(async () => {
  for (const run of running) await run.stop()
  await rm(dir, { recursive: true, force: true })
})

async function start(to = file): Promise<SinkTaskRun> {
  const run = await runSinkTask(fileStreamSink, { file: to })
  running.push(run)
  return run
}

const records = (...values: readonly (string | null)[]): readonly SinkRecord[] =>
  values.map((value, offset) => sinkRecordOf({ value, offset }))
const written = (): Promise<string> => readFile(file, 'utf8')

test('appends a line per record, and creates the file', async () => {
  const run = await start()
  await run.put(records('a', 'é', null))
  await run.put([])
  await run.put(records('b'))
  expect(await run.commit()).toEqual([{ topic: 'topic', partition: 0, offset: 1 }])
  expect(await written()).toBe('a\né\nnull\nb\n')
})

test('keeps what is in the file, and ends a line that a process left when it died', async () => {
  await writeFile(file, 'whole\nfragm')
  const run = await start()
  await run.put(records('fragment', 'next'))
  expect(await written()).toBe('whole\nfragm\nfragment\nnext\n')
})

test('starts as many tasks as it may, and no put of one is torn apart by another', async () => {
  const context = { name: 'x', config: {}, signal: new AbortController().signal, log: (await start()).log }
  const configs = await fileStreamSink.taskConfigs({ file }, 4, { ...context, requestTaskReconfiguration: () => {} })
  expect(configs).toEqual([{ file }, { file }, { file }, { file }])

  const runs = await Promise.all(configs.map(() => start()))
  const put = async (run: SinkTaskRun, task: number): Promise<void> => {
    for (let batch = 0; batch < 20; batch++) {
      await run.put(
        records(...Array.from({ length: 100 }, (_, line) => `${task} ${batch} ${line} ${'x'.repeat(line)}`)),
      )
    }
  }
  await Promise.all(runs.map(put))
  const lines = (await written()).trimEnd().split('\n')
  expect(lines).toHaveLength(4 * 20 * 100)
  for (let at = 0; at < lines.length; at += 100) {
    const batch = lines[at]!.split(' ').slice(0, 2).join(' ')
    expect(lines.slice(at, at + 100)).toEqual(
      Array.from({ length: 100 }, (_, line) => `${batch} ${line} ${'x'.repeat(line)}`),
    )
  }
})

test('goes on with the open file when its name is gone', async () => {
  const run = await start()
  await run.put(records('a'))
  await unlink(file)
  await run.put(records('b'))
  await run.commit()
  await expect(written()).rejects.toThrow('ENOENT')
})

test('takes any offset that a user sets', () => {
  expect(fileStreamSink.alterOffsets?.({ file }, [{ topic: 't', partition: 0, offset: null }])).toBe(true)
})

describe('a file that cannot be written', () => {
  test.each([
    ['its folder does not exist (ENOENT). Create the folder', async () => join(dir, 'none', 'out.txt')],
    ['it is a folder (EISDIR)', async () => dir],
    [
      'a part of its path is not a folder (ENOTDIR)',
      async () => {
        await writeFile(join(dir, 'in'), '')
        return join(dir, 'in', 'out.txt')
      },
    ],
  ])('is refused at the start: %s', async (found, make) => {
    const path = await make()
    const error: unknown = await start(path).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(String(error)).toContain(`Couldn't find or create file '${path}' for FileStreamSinkTask: ${found}`)
  })

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is refused when permissions forbid it',
    async () => {
      await writeFile(file, '', { mode: 0o400 })
      await expect(start()).rejects.toThrow('the permissions do not allow it (EACCES)')
    },
  )

  test.skipIf(process.platform === 'win32')('is refused when it is a pipe, and not waited for', async () => {
    execFileSync('mkfifo', [file])
    await expect(start()).rejects.toThrow(`'${file}' for FileStreamSinkTask: it is a pipe or a socket`)
  })

  test.skipIf(!isLinux)('for lack of space is tried again, after a while', async () => {
    const run = await start('/dev/full')
    const error: unknown = await run.put(records('a')).catch((thrown: unknown) => thrown)
    expect(isRetriable(error)).toBe(true)
    expect(String(error)).toContain('Writing to the file /dev/full: no space is left (ENOSPC)')
    expect(run.timeouts).toEqual([1000])
  })

  test.skipIf(!isLinux)('keeps its last whole line when only a part of a batch fits', async () => {
    const node = [process.execPath, '--conditions=sluice-source', join(import.meta.dirname, '../test/put-twice.ts')]
    // Blocks of 512 or 1024 bytes, depending on the shell.
    const out = execFileSync('sh', ['-c', 'ulimit -f 1; exec "$@"', 'sh', ...node, file], { encoding: 'utf8' })
    expect(out).toContain(`Writing to the file ${file}: it is as large as a file may be here (EFBIG)`)
    expect(await written()).toBe('small\n')
  })
})

test.skipIf(!isLinux)('writes to a device, which keeps nothing', async () => {
  const run = await start('/dev/null')
  await run.put(records('a'))
  await run.commit()
})

test('goes on behind what others append', async () => {
  const run = await start()
  await run.put(records('a'))
  await appendFile(file, 'other\n')
  await run.put(records('b'))
  expect(await written()).toBe('a\nother\nb\n')
})
