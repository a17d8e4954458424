// Runs the pipelines of file-pipelines.ts over the small file on an Apache Connect standalone worker and keeps the
// records that it writes:
//
//   node --conditions=sluice-source test/support/apache/record-pipelines.ts
//
// writes test/compat/file-pipelines.json.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaClient } from '@sluice/kafka'
import { fileConnectors, fileVariants, shortFile } from '../file-pipelines.ts'
import { withWorker } from '../standalone-worker.ts'
import { readTopic, waitForRecords } from '../topic-records.ts'
import type { RecordBytes } from '../topic-records.ts'
import { startApacheBroker } from './apache-broker.ts'
import { startApacheConnect } from './apache-connect.ts'
import { apacheVersion } from './ensure-apache.ts'

const target = join(import.meta.dirname, '..', '..', 'compat', 'file-pipelines.json')

async function record(dir: string): Promise<Readonly<Record<string, readonly RecordBytes[]>>> {
  const file = join(dir, 'in.txt')
  await writeFile(file, shortFile.text)
  const broker = await startApacheBroker({ dataDir: join(dir, 'broker') })
  const client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'record-pipelines' })
  try {
    const props = { 'bootstrap.servers': broker.bootstrapServers }
    const topics: Record<string, readonly RecordBytes[]> = {}
    await withWorker(startApacheConnect({ dir, props, connectors: fileConnectors(file, 'recorded') }), async () => {
      for (const { name } of fileVariants) {
        await waitForRecords(client, `recorded-li-${name}`, shortFile.lines.length)
        topics[name] = await readTopic(client, `recorded-li-${name}`)
      }
    })
    return topics
  } finally {
    await client.close()
    await broker.close()
  }
}

const dir = await mkdtemp(join(tmpdir(), 'sluice-record-'))
try {
  const topics = await record(dir)
  const head = {
    recorded: `Apache Kafka Connect ${apacheVersion}, standalone`,
    by: 'test/support/apache/record-pipelines.ts',
    bytes: 'hexadecimal',
  }
  // One record a line: a change of one record is a change of one line.
  const variants = Object.entries(topics).map(([name, records]) => {
    const lines = records.map((one) => `      ${JSON.stringify(one)}`).join(',\n')
    return `    ${JSON.stringify(name)}: [\n${lines}\n    ]`
  })
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "topics": {\n${variants.join(',\n')}\n  }\n}\n`
  await writeFile(target, text)
  process.stdout.write(`${Object.values(topics).flat().length} records written to ${target}\n`)
} finally {
  await rm(dir, { recursive: true, force: true })
}
