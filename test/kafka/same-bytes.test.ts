// The same file through the same pipeline, by Apache Connect's standalone worker and by ours: key, value and header
// bytes of every record, in order, are equal.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaClient } from '@sluice/kafka'
import type { KafkaClient } from '@sluice/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApacheBroker } from '../support/apache/apache-broker.ts'
import type { ApacheBroker } from '../support/apache/apache-broker.ts'
import { startApacheConnect } from '../support/apache/apache-connect.ts'
import { startSluice } from '../support/sluice-standalone.ts'
import type { StandaloneWorker } from '../support/standalone-worker.ts'
import { fileConnectors, fileVariants, longFile } from '../support/file-pipelines.ts'
import type { Props } from '../support/file-pipelines.ts'
import { readTopic, valueTexts, waitForRecords } from '../support/topic-records.ts'

let dir: string
let broker: ApacheBroker
let client: KafkaClient

async function runPipelines(
  product: string,
  start: (connectors: readonly Props[]) => Promise<StandaloneWorker>,
): Promise<void> {
  const worker = await start(fileConnectors(join(dir, 'in.txt'), product))
  try {
    for (const { name } of fileVariants) await waitForRecords(client, `${product}-li-${name}`, longFile.lines.length)
  } finally {
    await worker.close()
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-same-bytes-'))
  await writeFile(join(dir, 'in.txt'), longFile.text)
  broker = await startApacheBroker()
  client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'same-bytes' })
  const props = { 'bootstrap.servers': broker.bootstrapServers }
  await runPipelines('apache', (given) => startApacheConnect({ props, connectors: given }))
  await runPipelines('sluice', (given) => startSluice({ props, connectors: given }))
})

afterAll(async () => {
  await client?.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

test('both read the lines that the file has', async () => {
  expect(valueTexts(await readTopic(client, 'apache-li-plain-string'))).toEqual(longFile.lines)
  expect(valueTexts(await readTopic(client, 'sluice-li-plain-string'))).toEqual(longFile.lines)
})

test.each(fileVariants)(
  'writes the bytes that Apache Connect writes: $pipeline through $converter',
  async ({ name }) => {
    const apache = await readTopic(client, `apache-li-${name}`)
    expect(apache).toHaveLength(longFile.lines.length)
    expect(await readTopic(client, `sluice-li-${name}`)).toEqual(apache)
  },
)
