import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCluster } from './cluster-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'sluice-cluster-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the identity of a broker', () => {
  it('is kept, while each start is a new leader epoch', () => {
    const file = path.join(dir, 'broker.json')
    const first = openCluster(file)
    const second = openCluster(file)
    expect(second.clusterId).toBe(first.clusterId)
    expect([first.leaderEpoch, second.leaderEpoch]).toEqual([0, 1])
  })

  it('never gives a producer id twice, over restarts too', () => {
    const file = path.join(dir, 'broker.json')
    const ids: number[] = []
    for (const count of [1, 1_000, 2_345, 3]) {
      const cluster = openCluster(file)
      for (let i = 0; i < count; i++) ids.push(cluster.newProducerId())
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is not made anew over a file that cannot be understood', () => {
    const file = path.join(dir, 'broker.json')
    for (const text of ['', '{', 'null', '{"format":2}', '{"format":1,"clusterId":7}']) {
      writeFileSync(file, text)
      expect(() => openCluster(file)).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }))
    }
  })
})
