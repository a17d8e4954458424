// A stock Apache Connect worker on the embedded broker: Java's producer, consumer, group member and admin client are
// witnesses that share no code with it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import type { EmbeddedBroker } from '@sluice/embedded'
import { createKafkaClient } from '@sluice/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApacheConnect } from '../support/apache/apache-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

let folder: string
let broker: EmbeddedBroker
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-embedded-apache-'))
  broker = await startEmbeddedBroker({ dataDir: join(folder, 'broker'), defaultPartitions: 3 })
})
afterAll(async () => {
  await broker.close()
  await rm(folder, { recursive: true, force: true })
})

test('moves a file through the embedded broker into another file', async () => {
  const [source, sink] = [join(folder, 'in.txt'), join(folder, 'out.txt')]
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i} Zeile ü 日本 ${'x'.repeat(i % 200)}\n`)
  await writeFile(source, lines.join(''))
  const text = 'org.apache.kafka.connect.storage.StringConverter'
  const worker = await startApacheConnect({
    props: { 'bootstrap.servers': broker.bootstrapServers, 'key.converter': text, 'value.converter': text },
    connectors: [
      { name: 'in', 'connector.class': 'FileStreamSource', file: source, topic: 'lines', 'tasks.max': '1' },
      { name: 'out', 'connector.class': 'FileStreamSink', file: sink, topics: 'lines', 'tasks.max': '2' },
    ],
  })
  try {
    await waitUntil(async () => {
      const written = await readFile(sink, 'utf8').catch(() => '')
      return written.split('\n').length > lines.length
    }, 'all lines in the file of the sink')
  } finally {
    await worker.close()
  }
  const written = (await readFile(sink, 'utf8')).split('\n').filter((line) => line !== '')
  expect(written.toSorted()).toEqual(lines.map((line) => line.slice(0, -1)).toSorted())

  // The worker has left its group and committed everything on its way out.
  const client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'auditor' })
  const committed = await client.admin().listGroupOffsets('connect-out')
  expect([...committed.values()].reduce((sum, offset) => sum + offset, 0)).toBe(lines.length)
  await client.close()
})
