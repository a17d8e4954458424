// Asks an Apache Connect standalone worker the questions of rest-requests.ts and keeps its answers:
//
//   node --conditions=sluice-source test/support/apache/record-rest.ts
//
// writes test/compat/rest-standalone.json.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exchange } from '../rest-exchange.ts'
import type { RestExchange, RestRecording } from '../rest-exchange.ts'
import { startApacheBroker } from './apache-broker.ts'
import { startApacheConnect } from './apache-connect.ts'
import { apacheVersion } from './ensure-apache.ts'
import { restQuestions } from './rest-requests.ts'

const target = join(import.meta.dirname, '..', '..', 'compat', 'rest-standalone.json')
// Converters whose own settings appear nowhere in an answer.
const worker = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'plugin.discovery': 'service_load',
}

async function record(dir: string): Promise<readonly RestExchange[]> {
  const broker = await startApacheBroker({ dataDir: join(dir, 'broker') })
  try {
    const connect = await startApacheConnect({
      dir,
      props: { ...worker, 'bootstrap.servers': broker.bootstrapServers },
    })
    try {
      const info = (await (await fetch(connect.url)).json()) as { commit: string; kafka_cluster_id: string }
      const volatile = {
        dir,
        worker: new URL(connect.url).host,
        'cluster-id': info.kafka_cluster_id,
        version: apacheVersion,
        commit: info.commit,
      }
      const exchanges: RestExchange[] = []
      for (const question of restQuestions) {
        exchanges.push({ ...question, response: await exchange(connect.url, question, volatile) })
      }
      return exchanges
    } finally {
      await connect.close()
    }
  } finally {
    await broker.close()
  }
}

const dir = await mkdtemp(join(tmpdir(), 'sluice-record-'))
try {
  await writeFile(join(dir, 'in.txt'), 'one\ntwo\n')
  const recording: RestRecording = {
    recorded: `Apache Kafka Connect ${apacheVersion}, standalone`,
    by: 'test/support/apache/record-rest.ts',
    worker,
    exchanges: await record(dir),
  }
  // One exchange a line: a change of one answer is a change of one line.
  const { exchanges, ...head } = recording
  const lines = exchanges.map((one) => `    ${JSON.stringify(one)}`).join(',\n')
  const text = `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "exchanges": [\n${lines}\n  ]\n}\n`
  await writeFile(target, text)
  process.stdout.write(`${exchanges.length} exchanges written to ${target}\n`)
} finally {
  await rm(dir, { recursive: true, force: true })
}
