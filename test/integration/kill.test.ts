// SIGKILL at random moments: of the worker, of a host, of the broker. The seed in a test's name repeats its lines and
// its moments; a moment is a request to the broker, never a time. Whatever is killed: no line is missing, order is
// kept, and what comes twice reaches back no further than the last commit.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBrokerGate } from '../support/broker-gate.ts'
import type { BrokerGate, Moment } from '../support/broker-gate.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { KillablePipeline } from '../support/killable-pipeline.ts'
import { numberedFile } from '../support/numbered-lines.ts'
import { childrenOf, killNow, whenEnded } from '../support/process-tree.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { SeededRandom } from '../support/seeded-random.ts'

const lineCount = 6000
// Shorter than a real broker lets it be: a group waits for a killed member as long as its session lasts.
const sessionTimeoutMs = 1000

let dir: string
const closing: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-kill-'))
})

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
  await rm(dir, { recursive: true, force: true })
})

interface Stage {
  readonly pipeline: KillablePipeline
  readonly gate: BrokerGate
}

async function setStage(broker: { readonly port: number }, timeoutMs: number, random: SeededRandom): Promise<Stage> {
  const gate = await startBrokerGate(broker.port)
  closing.push(() => gate.close())
  const pipeline = new KillablePipeline({
    dir,
    bootstrapServers: `127.0.0.1:${broker.port}`,
    workerBootstrapServers: gate.bootstrapServers,
    input: numberedFile(lineCount, random),
    sessionTimeoutMs: timeoutMs,
  })
  closing.push(() => pipeline.close())
  return { pipeline, gate }
}

async function startBrokerHere(): Promise<{ readonly port: number }> {
  const groupTimings = { minSessionTimeoutMs: sessionTimeoutMs, initialRebalanceDelayMs: 0 }
  const broker = await startEmbeddedBroker({ groupTimings })
  closing.push(() => broker.close())
  return broker
}

/** A part of the file and a moment while it is on its way: there are more requests for it than are counted. */
function nextMoment(random: SeededRandom): Moment {
  const api = random.pick(['Produce', 'Fetch', 'OffsetCommit'] as const)
  const most = { Produce: 40, Fetch: 12, OffsetCommit: 1 }[api]
  return { api, count: random.between(1, most), isAnswerHeld: random.between(0, 1) === 1 }
}

/** Where the parts of the file end that are fed before each kill: anywhere, within a line or a character, too. */
function partEnds(bytes: number, parts: number, random: SeededRandom): readonly number[] {
  const part = Math.floor(bytes / (parts + 1))
  return Array.from({ length: parts }, (_, kill) => (kill + 1) * part + random.between(0, 100))
}

test.for([1, 2, 3])('the worker is killed, its hosts end by themselves, seed %i', async (seed) => {
  const random = seededRandom(seed)
  const { pipeline, gate } = await setStage(await startBrokerHere(), sessionTimeoutMs, random)
  for (const end of partEnds(pipeline.bytes, 2, random)) {
    await pipeline.start()
    const { pid } = pipeline.worker
    const hosts = childrenOf(pid)
    const closed = gate.closeAt(nextMoment(random))
    await pipeline.feed(end)
    await pipeline.does(closed)
    killNow(pid)
    await whenEnded([pid])
    // Started again while the hosts of the killed one still end, or after the machine has lost the end of the file.
    const isTorn = random.between(0, 1) === 1
    if (!isTorn) pipeline.crashed(await pipeline.progress())
    gate.open()
    if (!isTorn) continue
    await whenEnded(hosts)
    await pipeline.tear(random.between(0, 100) / 100)
    pipeline.crashed(await pipeline.progress())
  }
  await pipeline.start()
  await pipeline.complete()
  expect(await pipeline.findFault()).toBeNull()
})

test.for([4, 5, 6])('a host is killed, another takes its tasks over, seed %i', async (seed) => {
  const random = seededRandom(seed)
  const { pipeline, gate } = await setStage(await startBrokerHere(), sessionTimeoutMs, random)
  await pipeline.start()
  for (const end of partEnds(pipeline.bytes, 3, random)) {
    const closed = gate.closeAt(nextMoment(random))
    await pipeline.feed(end)
    await pipeline.does(closed)
    pipeline.crashed(await pipeline.progress())
    killNow(random.pick(childrenOf(pipeline.worker.pid)))
    gate.open()
  }
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})

test.for([7, 8, 9])('the broker is killed and comes back with its data, seed %i', async (seed) => {
  const random = seededRandom(seed)
  let broker = await startBrokerProcess({ dir })
  closing.push(() => broker.kill())
  const { pipeline, gate } = await setStage(broker, 6000, random)
  await pipeline.start()
  for (const end of partEnds(pipeline.bytes, 3, random)) {
    const closed = gate.closeAt(nextMoment(random))
    await pipeline.feed(end)
    await pipeline.does(closed)
    pipeline.crashed(await pipeline.progress())
    await broker.kill()
    broker = await startBrokerProcess({ dir, port: broker.port })
    gate.open()
  }
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})

test('a file that ends within a character gets a line end before anything is written to it', async () => {
  const { pipeline } = await setStage(await startBrokerHere(), sessionTimeoutMs, seededRandom(10))
  await pipeline.leaveFragment()
  await pipeline.start()
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})
