// Every answer that Apache Connect's standalone worker gave (test/support/apache/record-rest.ts), against the answer
// of ours to the same request, in the same order.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { comparableAnswer, withoutPart } from '../support/rest-comparison.ts'
import type { DifferingPart } from '../support/rest-comparison.ts'
import { exchange } from '../support/rest-exchange.ts'
import type { RestRecording, RestResponse } from '../support/rest-exchange.ts'
import { startSluice } from '../support/sluice-standalone.ts'

/** Answers that differ on purpose, in one part each; docs/differences.md says the same to users. */
interface Difference {
  readonly part: DifferingPart
  readonly reason: string
  readonly exchanges: readonly string[]
}

const differences: readonly Difference[] = []

const recording = JSON.parse(
  await readFile(join(import.meta.dirname, '..', 'compat', 'rest-standalone.json'), 'utf8'),
) as RestRecording
const answers = new Map<string, RestResponse>()
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-rest-compat-'))
  await writeFile(join(dir, 'in.txt'), 'one\ntwo\n')
  const broker = await startEmbeddedBroker({})
  const props = { ...recording.worker, 'bootstrap.servers': broker.bootstrapServers }
  const worker = await startSluice({ dir, props })
  try {
    const info = (await (await fetch(worker.url)).json()) as Readonly<Record<string, string>>
    const volatile = {
      dir,
      worker: new URL(worker.url).host,
      'cluster-id': broker.clusterId,
      version: info['version'] ?? '',
      commit: info['commit'] ?? '',
    }
    for (const one of recording.exchanges) answers.set(one.name, await exchange(worker.url, one, volatile))
  } finally {
    await worker.close()
    await broker.close()
  }
})

afterAll(() => rm(dir, { recursive: true, force: true }))

function differenceOf(name: string): Difference | undefined {
  return differences.find(({ exchanges }) => exchanges.includes(name))
}

const equal = recording.exchanges.filter(({ name }) => !differenceOf(name))
const different = recording.exchanges.flatMap((one) => {
  const difference = differenceOf(one.name)
  return difference ? [{ ...one, ...difference }] : []
})

test('no exchange is named as different that was not recorded, and none twice', () => {
  const named = differences.flatMap(({ exchanges }) => exchanges).sort()
  expect(different.map(({ name }) => name).sort()).toEqual(named)
})

test.each(equal)('answers as Connect does: $name', ({ name, request, response }) => {
  expect(comparableAnswer(request, answers.get(name)!)).toBe(comparableAnswer(request, response))
})

test.each(different)('answers as Connect does, apart from the $part: $name', ({ name, request, response, part }) => {
  const ours = answers.get(name)!
  // A difference that is gone must be taken off the list.
  expect(comparableAnswer(request, ours)).not.toBe(comparableAnswer(request, response))
  const [recorded, rest] = withoutPart(part, response, ours)
  expect(comparableAnswer(request, rest)).toBe(comparableAnswer(request, recorded))
})
