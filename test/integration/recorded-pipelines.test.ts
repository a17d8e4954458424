// The records that Apache Connect wrote for a file, against those that we write for it, without Apache: see
// test/support/apache/record-pipelines.ts. test/kafka/same-bytes.test.ts runs both, with longer lines.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import { createKafkaClient } from '@sluice/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fileConnectors, fileVariants, shortFile } from '../support/file-pipelines.ts'
import { startSluice } from '../support/sluice-standalone.ts'
import { withWorker } from '../support/standalone-worker.ts'
import { readTopic, waitForRecords } from '../support/topic-records.ts'
import type { RecordBytes } from '../support/topic-records.ts'

let dir: string
const written = new Map<string, readonly RecordBytes[]>()
let recorded: Readonly<Record<string, readonly RecordBytes[]>>

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-recorded-'))
  await writeFile(join(dir, 'in.txt'), shortFile.text)
  const file = join(import.meta.dirname, '..', 'compat', 'file-pipelines.json')
  recorded = (JSON.parse(await readFile(file, 'utf8')) as { topics: typeof recorded }).topics
  const broker = await startEmbeddedBroker({})
  const client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'recorded-pipelines' })
  try {
    const props = { 'bootstrap.servers': broker.bootstrapServers }
    const connectors = fileConnectors(join(dir, 'in.txt'), 'ours')
    await withWorker(startSluice({ dir, props, connectors }), async () => {
      for (const { name } of fileVariants) await waitForRecords(client, `ours-li-${name}`, shortFile.lines.length)
    })
    for (const { name } of fileVariants) written.set(name, await readTopic(client, `ours-li-${name}`))
  } finally {
    await client.close()
    await broker.close()
  }
})

afterAll(() => rm(dir, { recursive: true, force: true }))

test.each(fileVariants)('writes the recorded bytes: $pipeline through $converter', ({ name }) => {
  expect(recorded[name]).toHaveLength(shortFile.lines.length)
  expect(written.get(name)).toEqual(recorded[name])
})
