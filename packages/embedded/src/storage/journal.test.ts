import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordingLog } from '../../test/support/batches.ts'
import { openJournal, type Journal } from './journal.ts'

interface Entry {
  readonly key: string
  readonly value: number
}

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sluice-journal-'))
  file = path.join(dir, 'j')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function open(log = recordingLog()): { readonly state: Map<string, number>; readonly journal: Journal<Entry> } {
  const state = new Map<string, number>()
  const journal = openJournal<Entry>(file, {
    apply: ({ key, value }) => void state.set(key, value),
    snapshot: () => [...state].map(([key, value]) => ({ key, value })),
    log,
  })
  return { state, journal }
}

describe('a journal', () => {
  it('is applied again in order after a restart, the latest value winning', () => {
    const { journal } = open()
    journal.append({ key: 'a', value: 1 })
    journal.append({ key: 'ü\n', value: 2 })
    journal.append({ key: 'a', value: 3 })
    expect([...open().state]).toEqual([
      ['a', 3],
      ['ü\n', 2],
    ])
  })

  it('loses at most the entry that was being written, wherever the file ends', () => {
    const { journal } = open()
    for (let i = 0; i < 5; i++) journal.append({ key: `k${i}`, value: i })
    journal.close()
    const bytes = readFileSync(file)
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length))
      const lines = bytes.subarray(0, length).toString().split('\n').length - 1
      const messages = recordingLog()
      const again = open(messages)
      expect(again.state.size).toBe(lines)
      expect(messages.messages.length).toBe(length === 0 || bytes[length - 1] === 10 ? 0 : 1)
      again.journal.append({ key: 'next', value: 9 })
      again.journal.close()
      const third = open()
      expect([third.state.size, third.state.get('next')]).toEqual([lines + 1, 9])
      third.journal.close()
    }
  })

  it('does not believe a damaged line, nor what follows it', () => {
    const { journal } = open()
    journal.append({ key: 'a', value: 1 })
    const end = statSync(file).size
    journal.append({ key: 'b', value: 2 })
    journal.append({ key: 'c', value: 3 })
    journal.close()
    const bytes = readFileSync(file)
    bytes[end + 12]! ^= 1
    writeFileSync(file, bytes)
    expect([...open().state.keys()]).toEqual(['a'])
  })

  it('is shortened when most of it no longer counts', () => {
    const { journal, state } = open()
    const key = 'k'.repeat(1_000)
    for (let i = 0; i < 5_000; i++) journal.append({ key, value: i })
    expect(statSync(file).size).toBeLessThan(1_100_000)
    expect(state.get(key)).toBe(4_999)
    journal.append({ key: 'last', value: 1 })
    const again = open()
    expect([again.state.get(key), again.state.get('last')]).toEqual([4_999, 1])
  })

  it('survives garbage at its end', () => {
    open().journal.append({ key: 'a', value: 1 })
    appendFileSync(file, Buffer.from([0xff, 0, 10, 13, 10, 0x20]))
    expect([...open().state]).toEqual([['a', 1]])
  })
})
