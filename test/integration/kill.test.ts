// SIGKILL at random moments: of the worker, of a host, of the broker. The seed in a test's name repeats its lines and
// its moments; a moment is a number of records or bytes, never a time. Whatever is killed: no line is missing, order
// is kept, and what comes twice reaches back no further than the last commit.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBrokerProcess } from '../support/broker-process.ts'
import { KillablePipeline } from '../support/killable-pipeline.ts'
import type { Moment, PipelineSetup } from '../support/killable-pipeline.ts'
import { numberedFile } from '../support/numbered-lines.ts'
import { childrenOf, killNow, whenEnded } from '../support/process-tree.ts'
import { seededRandom } from '../support/seeded-random.ts'
import type { SeededRandom } from '../support/seeded-random.ts'

const lineCount = 6000
const kills = 3
/** About the bytes of a record in the sink's file. */
const recordBytes = 100
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

type BrokerSetup = Pick<PipelineSetup, 'bootstrapServers' | 'sessionTimeoutMs'>

async function startBrokerHere(): Promise<BrokerSetup> {
  const groupTimings = { minSessionTimeoutMs: sessionTimeoutMs, initialRebalanceDelayMs: 0 }
  const broker = await startEmbeddedBroker({ groupTimings })
  closing.push(() => broker.close())
  return { bootstrapServers: broker.bootstrapServers, sessionTimeoutMs }
}

async function createPipeline(broker: BrokerSetup, random: SeededRandom): Promise<KillablePipeline> {
  const pipeline = await KillablePipeline.create({ ...broker, dir, input: numberedFile(lineCount, random) })
  closing.push(() => pipeline.close())
  return pipeline
}

/** One moment in each part of the way, by records of the topic or by what of them is in the file. */
function moments(random: SeededRandom): readonly Moment[] {
  const part = Math.floor(lineCount / (kills + 1))
  return Array.from({ length: kills }, (_, kill) => {
    const records = kill * part + random.between(1, part)
    return random.pick([{ records }, { bytes: records * recordBytes }])
  })
}

test.for([1, 2, 3])('the worker is killed, its hosts end by themselves, seed %i', async (seed) => {
  const random = seededRandom(seed)
  const pipeline = await createPipeline(await startBrokerHere(), random)
  for (const moment of moments(random)) {
    await pipeline.start()
    const hosts = childrenOf(pipeline.worker.pid)
    await pipeline.reach(moment)
    await pipeline.worker.kill()
    const isTorn = random.between(0, 1) === 1
    if (isTorn) await whenEnded(hosts)
    pipeline.crashed(await pipeline.progress())
    if (isTorn) await pipeline.tear(random.between(0, 100) / 100)
  }
  await pipeline.start()
  await pipeline.complete()
  expect(await pipeline.findFault()).toBeNull()
})

test.for([4, 5, 6])('a host is killed, another takes its tasks over, seed %i', async (seed) => {
  const random = seededRandom(seed)
  const pipeline = await createPipeline(await startBrokerHere(), random)
  await pipeline.start()
  for (const moment of moments(random)) {
    await pipeline.reach(moment)
    pipeline.crashed(await pipeline.progress())
    killNow(random.pick(childrenOf(pipeline.worker.pid)))
  }
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})

test.for([7, 8, 9])('the broker is killed and comes back with its data, seed %i', async (seed) => {
  const random = seededRandom(seed)
  let broker = await startBrokerProcess({ dir })
  closing.push(() => broker.kill())
  const pipeline = await createPipeline(broker, random)
  await pipeline.start()
  for (const moment of moments(random)) {
    await pipeline.reach(moment)
    pipeline.crashed(await pipeline.progress())
    await broker.kill()
    broker = await startBrokerProcess({ dir, port: broker.port })
  }
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})

test('a file that ends within a character gets a line end before anything is written to it', async () => {
  const pipeline = await createPipeline(await startBrokerHere(), seededRandom(10))
  await pipeline.leaveFragment()
  await pipeline.start()
  await pipeline.complete()
  expect(await pipeline.worker.close()).toBe(0)
  expect(await pipeline.findFault()).toBeNull()
})
