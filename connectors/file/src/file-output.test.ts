import { isConnectError, isRetriable } from '@sluice/api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MemoryFile, systemError } from '../test/memory-file.ts'
import { appendTo } from './file-output.ts'

const bytes = (text: string): Buffer => Buffer.from(text)
const full = systemError('ENOSPC')

test('writes what is put as one piece', async () => {
  const file = new MemoryFile()
  const output = await appendTo(file.handle(), 'out')
  await output.append(bytes('a\nb\n'))
  await output.append(bytes(''))
  await output.append(bytes('c\n'))
  expect(file.text()).toBe('a\nb\nc\n')
  expect(file.calls).toEqual(['write 4', 'write 2'])
})

test('goes on where the system wrote less than it was given', async () => {
  const file = new MemoryFile()
  const handle = file.handle()
  const output = await appendTo(
    { ...handle, write: ((all: Buffer, offset: number) => handle.write(all, offset, 1)) as typeof handle.write },
    'out',
  )
  await output.append(bytes('abc\n'))
  expect(file.text()).toBe('abc\n')
})

describe('a file that ends within a line', () => {
  test.each([
    ['', ''],
    ['whole\n', 'whole\n'],
    ['whole\nfrag', 'whole\nfrag\n'],
    ['\n', '\n'],
    ['\r', '\r\n'],
    ['é', 'é\n'],
  ])('gets a line end first: %j', async (content, opened) => {
    const file = new MemoryFile(content)
    const output = await appendTo(file.handle(), 'out')
    expect(file.text()).toBe(opened)
    await output.append(bytes('next\n'))
    expect(file.text()).toBe(`${opened}next\n`)
  })

  test('gets none when another task is about to end that line', async () => {
    const file = new MemoryFile('whole\nfrag')
    const handle = file.handle()
    let looks = 0
    const output = await appendTo(
      {
        ...handle,
        stat: (async () => {
          // The first look asks what kind of file it is.
          if (++looks === 3) file.append('ment\n')
          return handle.stat()
        }) as typeof handle.stat,
      },
      'out',
    )
    await output.append(bytes('next\n'))
    expect(file.text()).toBe('whole\nfragment\nnext\n')
  })

  test('gets its line end with the first write when the disk is full at the start', async () => {
    const file = new MemoryFile('frag')
    file.writes.push({ bytes: 0, error: full })
    const output = await appendTo(file.handle(), 'out')
    expect(file.text()).toBe('frag')
    await output.append(bytes('next\n'))
    expect(file.text()).toBe('frag\nnext\n')
  })

  test('is refused when it can never get its line end', async () => {
    const file = new MemoryFile('frag')
    file.writes.push({ bytes: 0, error: systemError('EROFS') })
    await expect(appendTo(file.handle(), 'out')).rejects.toThrow('the file system is read-only (EROFS)')
  })
})

describe('a write that fails', () => {
  test.each([0, 1, 5, 9])('after %i bytes leaves nothing, and can be repeated', async (written) => {
    const file = new MemoryFile('before\n')
    const output = await appendTo(file.handle(), 'out')
    file.writes.push({ bytes: written, error: full })
    const error: unknown = await output.append(bytes('one\ntwo é\n')).catch((thrown: unknown) => thrown)
    expect(isRetriable(error)).toBe(true)
    expect(String(error)).toBe(
      'RetriableError: Writing to the file out: no space is left (ENOSPC). Free some; it is tried again.',
    )
    expect(file.text()).toBe('before\n')
    await output.append(bytes('one\ntwo é\n'))
    expect(file.text()).toBe('before\none\ntwo é\n')
  })

  test('for a reason that stays is not to be repeated', async () => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    file.writes.push({ bytes: 2, error: systemError('EFBIG') })
    const error: unknown = await output.append(bytes('one\n')).catch((thrown: unknown) => thrown)
    expect(isConnectError(error)).toBe(true)
    expect(isRetriable(error)).toBe(false)
    expect(error).toMatchObject({ code: 'FILE_UNWRITABLE' })
    expect(file.text()).toBe('')
  })

  test('takes back nothing of what another task wrote before', async () => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    await output.append(bytes('mine\n'))
    file.append('theirs\n')
    file.writes.push({ bytes: 3, error: full })
    await expect(output.append(bytes('again\n'))).rejects.toThrow('ENOSPC')
    expect(file.text()).toBe('mine\ntheirs\naga')
    await output.append(bytes('again\n'))
    expect(file.text()).toBe('mine\ntheirs\naga\nagain\n')
    expect(file.calls).not.toContainEqual(expect.stringContaining('truncate'))
  })

  test('takes back nothing of what another task wrote meanwhile', async () => {
    const file = new MemoryFile()
    const handle = file.handle()
    const output = await appendTo(handle, 'out')
    file.writes.push({ bytes: 3, error: full })
    const appending = output.append(bytes('again\n'))
    // The size before the write is known already; this comes between the fault and the look that follows it.
    file.beforeStat = () => file.append('\ntheirs\n')
    await expect(appending).rejects.toThrow('ENOSPC')
    await output.append(bytes('again\n'))
    expect(file.text()).toBe('aga\ntheirs\nagain\n')
  })

  test('whose rest cannot be taken back gets a line end before it is repeated', async () => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    file.writes.push({ bytes: 2, error: full })
    file.faults.set('truncate', systemError('EIO'))
    await expect(output.append(bytes('one\n'))).rejects.toThrow('ENOSPC')
    // The line end may fail as well, and is repeated like the rest.
    file.writes.push({ bytes: 0, error: full })
    await expect(output.append(bytes('one\n'))).rejects.toThrow('ENOSPC')
    await output.append(bytes('one\n'))
    expect(file.text()).toBe('on\none\n')
  })

  test('loses no line and adds only fragments, whatever fails and whoever writes, too', async () => {
    const step = fc.record({
      line: fc.constantFrom('a', 'bb', 'é é', 'long line of text'),
      fails: fc.option(fc.nat(12)),
      theirs: fc.boolean(),
      faultOf: fc.constantFrom(null, null, 'truncate', 'stat', 'read'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const file = new MemoryFile()
        const output = await appendTo(file.handle(), 'out', 0)
        const wanted: string[] = []
        for (const [index, { line: text, fails, theirs, faultOf }] of steps.entries()) {
          const line = `${index} ${text}`
          // A whole line of another task comes where a line of this one is not being written.
          const isBetween = file.text() === '' || file.text().endsWith('\n')
          if (theirs && isBetween) file.append('theirs\n')
          if (fails !== null) file.writes.push({ bytes: fails, error: full })
          if (faultOf !== null) file.faults.set(faultOf, systemError('EIO'))
          wanted.push(line)
          while (!(await succeeds(output.append(bytes(`${line}\n`))))) continue
        }
        const lines = file.text().split('\n')
        expect(lines.pop()).toBe('')
        const mine = lines.filter((line) => line !== 'theirs')
        // What is left besides the wanted lines, in their order, are beginnings of one that is wanted; up to all of it.
        let next = 0
        for (const line of mine) {
          if (line === wanted[next]) next++
          else if (line !== wanted[next - 1]) expect(wanted[next]?.startsWith(line.replace(/\uFFFD$/, ''))).toBe(true)
        }
        expect(next).toBe(wanted.length)
      }),
      { seed: 11, numRuns: 300 },
    )
  })
})

async function succeeds(done: Promise<void>): Promise<boolean> {
  return done.then(
    () => true,
    () => false,
  )
}

describe('a flush', () => {
  test('ends when the bytes are on the disk, and does nothing when there are none', async () => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    await output.sync()
    await output.append(bytes('a\n'))
    await output.sync()
    await output.sync()
    await output.close()
    expect(file.calls).toEqual(['write 2', 'datasync', 'close'])
  })

  test('that fails is told, and tried again with the next', async () => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    await output.append(bytes('a\n'))
    file.faults.set('datasync', systemError('EIO'))
    const error: unknown = await output.sync().catch((thrown: unknown) => thrown)
    expect(isRetriable(error)).toBe(true)
    await output.sync()
    expect(file.calls).toEqual(['write 2', 'datasync'])
  })

  test.each(['EINVAL', 'ENOTSUP', 'ENOSYS'])('of a file that knows none is done: %s', async (code) => {
    const file = new MemoryFile()
    const output = await appendTo(file.handle(), 'out')
    await output.append(bytes('a\n'))
    file.faults.set('datasync', systemError(code))
    await output.sync()
  })

  test('follows the line end that was added on opening', async () => {
    const file = new MemoryFile('frag')
    const output = await appendTo(file.handle(), 'out')
    await output.sync()
    expect(file.calls).toEqual(['write 1', 'datasync'])
  })
})
