import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { startWorker } from '@sluice/runtime'
import { expect, test } from 'vitest'
import { allPlugins } from '../support/embedded-connect.ts'
import { freePort } from '../support/logged-process.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'
const silent = { debug() {}, info() {}, warn() {}, error() {} }

test('REST answers before Kafka does; a request for a change waits until the worker is up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'worker-start-'))
  const [kafkaPort, restPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${restPort}`
  const starting = startWorker({
    props: {
      'bootstrap.servers': `127.0.0.1:${kafkaPort}`,
      'key.converter': string,
      'value.converter': string,
      'offset.storage.file.filename': join(folder, 'connect.offsets'),
      listeners: url,
    },
    mode: 'standalone',
    pluginPackages: allPlugins(folder),
    log: silent,
    version: '1.2.3',
  })
  let answer: Response | null = null
  while (answer === null) answer = await fetch(`${url}/health`).catch(() => null)
  expect([answer.status, await answer.json()]).toEqual([
    503,
    { status: 'starting', message: 'Worker is still starting up.' },
  ])
  const creating = fetch(`${url}/connectors`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'early', config: { 'connector.class': 'SequenceSource', topic: 'early' } }),
  })
  const broker = await startEmbeddedBroker({ port: kafkaPort })
  const worker = await starting
  try {
    expect((await creating).status).toBe(201)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(await (await fetch(url)).json()).toEqual({
      version: '1.2.3',
      commit: expect.any(String),
      kafka_cluster_id: broker.clusterId,
    })
  } finally {
    await worker.stop()
    await broker.close()
    rmSync(folder, { recursive: true })
  }
})
