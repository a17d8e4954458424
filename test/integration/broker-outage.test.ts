// The broker goes away and comes back while a pipeline runs: nobody touches the worker, and it goes on by itself.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRestClient } from '@sluice/rest-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBrokerProcess } from '../support/broker-process.ts'
import { KillablePipeline } from '../support/killable-pipeline.ts'
import { numberedFile } from '../support/numbered-lines.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { waitUntil } from '../support/wait-until.ts'

let dir: string
const closing: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-outage-'))
})

afterAll(async () => {
  for (const close of closing.reverse()) await close()
  await rm(dir, { recursive: true, force: true })
})

test('a broker that goes away is named in a warning; when it is back, everything arrives once', async () => {
  let broker = await startBrokerProcess({ dir })
  closing.push(() => broker.kill())
  const input = numberedFile(4000, seededRandom(1))
  const pipeline = new KillablePipeline({ dir, bootstrapServers: broker.bootstrapServers, input })
  closing.push(() => pipeline.close())
  await pipeline.start()
  const { worker } = pipeline
  await pipeline.feed(Math.floor(pipeline.bytes / 2))
  await pipeline.hasRecords(1000)
  await broker.close()
  await pipeline.feed(pipeline.bytes)
  const warned = async (): Promise<readonly string[]> => {
    const lines = (await readFile(worker.logFile, 'utf8')).split('\n')
    return lines.filter((line) => line.includes('WARN') && line.includes(broker.bootstrapServers))
  }
  await waitUntil(async () => (await warned()).length > 0, 'a warning that names the broker')
  // The control plane needs no broker to answer (I4), and an outage fails no task (I10).
  const rest = createRestClient(worker.url)
  expect((await fetch(`${worker.url}/health`)).status).toBe(200)
  for (const name of ['source', 'sink']) {
    const { connector, tasks } = await rest.connectorStatus(name)
    expect([connector, ...tasks].map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING'])
  }
  broker = await startBrokerProcess({ dir, port: broker.port })
  await pipeline.complete()
  expect(await worker.close()).toBe(0)
  // No crash explains a repeat: there must be none.
  expect(await pipeline.findFault()).toBeNull()
})
