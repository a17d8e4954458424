import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDir } from './dir-lock.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sluice-lock-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const lockFile = (): string => path.join(dir, 'broker.lock')

describe('the lock of a data folder', () => {
  it('keeps a second broker out, and lets it in when the first has gone', () => {
    const unlock = lockDir(dir)
    expect(() => lockDir(dir)).toThrow(/another broker \(this process\) is using it/)
    unlock()
    lockDir(dir)()
    expect(readdirSync(dir)).toEqual([])
  })

  it('names the process that has it', () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: process.ppid, started: null }))
    expect(() => lockDir(dir)).toThrow(
      expect.objectContaining({ code: 'DATA_DIR_LOCKED', message: expect.stringContaining(`process ${process.ppid}`) }),
    )
  })

  it('is taken over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    writeFileSync(lockFile(), JSON.stringify({ pid: child.pid, started: null }))
    const unlock = lockDir(dir)
    expect(readdirSync(dir)).toEqual(['broker.lock'])
    unlock()
  })

  it.runIf(existsSync('/proc/self/stat'))(
    'is taken over when another process has the id of the one that was killed',
    () => {
      writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, started: 'another boot/1' }))
      lockDir(dir)()
    },
  )

  it('is taken over when it is not readable as one', () => {
    writeFileSync(lockFile(), '{"pid":')
    lockDir(dir)()
  })

  it('is not given back by one whose lock has been taken over', () => {
    const unlock = lockDir(dir)
    writeFileSync(lockFile(), JSON.stringify({ pid: process.ppid, started: null }))
    unlock()
    expect(existsSync(lockFile())).toBe(true)
  })
})
