// Bad input to a worker that runs: what is wrong is named where it is looked for, the others go on, and once it is put
// right nothing has been lost.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import type { EmbeddedBroker } from '@sluice/embedded'
import { createKafkaClient } from '@sluice/kafka'
import type { KafkaClient } from '@sluice/kafka'
import { createRestClient } from '@sluice/rest-api'
import type { ConnectorStateInfo, RestClient } from '@sluice/rest-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSluice } from '../support/run-sluice.ts'
import { startSluice } from '../support/sluice-standalone.ts'
import type { StandaloneWorker } from '../support/standalone-worker.ts'
import { readTopic, valueTexts, waitForRecords, writeTopic } from '../support/topic-records.ts'
import { waitUntil } from '../support/wait-until.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'
const given = ['one', 'Grüße 日本', 'three']

let dir: string
let broker: EmbeddedBroker
let client: KafkaClient
let worker: StandaloneWorker
let rest: RestClient

function source(file: string, topic: string): Record<string, string> {
  return { 'connector.class': 'FileStreamSource', file: join(dir, file), topic }
}

function sink(file: string, topics: string): Record<string, string> {
  return { 'connector.class': 'FileStreamSink', file: join(dir, file), topics }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-bad-running-'))
  await mkdir(join(dir, 'folder'))
  await writeFile(join(dir, 'good.txt'), given.map((line) => `${line}\n`).join(''))
  broker = await startEmbeddedBroker({ groupTimings: { initialRebalanceDelayMs: 0 } })
  client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'bad-input' })
  await writeTopic(client, 'to-sink', given)
  worker = await startSluice({
    dir,
    props: {
      'bootstrap.servers': broker.bootstrapServers,
      'key.converter': string,
      'value.converter': string,
      'offset.flush.intervall.ms': '1000',
    },
    connectors: [{ name: 'good', ...source('good.txt', 'good'), 'bacth.size': '5' }],
  })
  rest = createRestClient(worker.url)
})

afterAll(async () => {
  await worker?.close()
  await client?.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

/** Waits for lines of the worker's log that contain all of the texts, and gives them. */
async function logged(...texts: readonly string[]): Promise<readonly string[]> {
  let found: readonly string[] = []
  const isThere = async (): Promise<boolean> => {
    const lines = (await readFile(worker.logFile, 'utf8')).split('\n')
    found = lines.filter((line) => texts.every((text) => line.includes(text)))
    return found.length > 0
  }
  await waitUntil(isThere, `the log to say ${texts.join(' … ')}`)
  return found
}

async function waitForState(name: string, state: string): Promise<ConnectorStateInfo> {
  let status: ConnectorStateInfo | null = null
  const isReached = async (): Promise<boolean> => {
    status = await rest.connectorStatus(name)
    return status.tasks.length > 0 && status.tasks.every((task) => task.state === state)
  }
  await waitUntil(isReached, () => `${name} to be ${state}: ${JSON.stringify(status)}`)
  if (!status) throw new Error(`${name} has no status`)
  return status
}

/** The neighbour of whatever was wrong. */
async function expectOthersRun(): Promise<void> {
  expect((await waitForState('good', 'RUNNING')).connector.state).toBe('RUNNING')
}

test('a misspelt key of the worker is warned of once, with the key that was meant', async () => {
  expect(await logged('WARN', 'offset.flush.intervall.ms', 'offset.flush.interval.ms')).toHaveLength(1)
})

test('a misspelt key of a connector is warned of once, with the key that was meant, and the connector runs', async () => {
  await waitForRecords(client, 'good', given.length)
  expect(await logged('WARN', '[good', 'bacth.size', 'batch.size')).toHaveLength(1)
  await expectOthersRun()
})

test('a class that is not there is refused in the words of Connect, and on the command line with exit code 2', async () => {
  const file = join(dir, 'wrong.json')
  const config = { 'connector.class': 'FileStreamSourse', file: 'x', topic: 'y' }
  await writeFile(file, JSON.stringify({ name: 'wrong', config }))
  await expect(rest.putConnectorConfig('wrong', config)).rejects.toThrow(
    /Failed to find any class that implements Connector and which name matches FileStreamSourse/,
  )
  const applied = await runSluice(['connectors', 'apply', file, '--url', worker.url], dir)
  expect(applied.code).toBe(2)
  expect(applied.stderr).toMatch(/name matches FileStreamSourse/)
  expect(await rest.listConnectors()).not.toContain('wrong')
  await expectOthersRun()
})

test('bodies that are no JSON, or too large, are refused in words, and change nothing', async () => {
  const headers = { 'content-type': 'application/json' }
  const post = (body: string): Promise<Response> => fetch(`${worker.url}/connectors`, { method: 'POST', headers, body })
  const malformed = await post('{"name":"broken","config":{')
  expect(malformed.status).toBe(500)
  expect(await malformed.json()).toMatchObject({
    error_code: 500,
    message: expect.stringMatching(/^The request body is not JSON: ./) as string,
  })
  const large = await post(JSON.stringify({ name: 'large', config: { text: 'x'.repeat(17 * 1024 * 1024) } }))
  expect(large.status).toBe(413)
  expect(await large.json()).toMatchObject({ error_code: 413 })
  expect(await rest.listConnectors()).toEqual(['good'])
})

test('a sink whose file cannot be had fails with its name; put right, it writes everything', async () => {
  await rest.putConnectorConfig('sink', sink('nowhere/out.txt', 'to-sink'))
  const failed = await waitForState('sink', 'FAILED')
  expect(failed.connector.state).toBe('RUNNING')
  expect(failed.tasks[0]?.trace).toContain(
    `Couldn't find or create file '${join(dir, 'nowhere/out.txt')}' for FileStreamSinkTask`,
  )
  expect(failed.tasks[0]?.trace).toContain('Create the folder')
  expect(await logged('ERROR', '[sink|task-0]')).toHaveLength(1)
  const status = await runSluice(['connectors', 'status', 'sink', '--url', worker.url], dir)
  expect(status.code).toBe(1)
  await expectOthersRun()
  await rest.putConnectorConfig('sink', sink('out.txt', 'to-sink'))
  const whole = given.map((line) => `${line}\n`).join('')
  await waitUntil(
    async () => (await readFile(join(dir, 'out.txt'), 'utf8').catch(() => '')) === whole,
    'the sink to write everything',
  )
})

test('a source whose file is a folder fails with its name; put right, it reads everything', async () => {
  await rest.putConnectorConfig('folder', source('folder', 'from-folder'))
  const failed = await waitForState('folder', 'FAILED')
  expect(failed.tasks[0]?.trace).toContain(join(dir, 'folder'))
  expect(failed.tasks[0]?.trace).toMatch(/it is a folder .*Let 'file' name a file/)
  await expectOthersRun()
  await rest.putConnectorConfig('folder', source('good.txt', 'from-folder'))
  await waitForRecords(client, 'from-folder', given.length)
  expect(valueTexts(await readTopic(client, 'from-folder'))).toEqual(given)
})

test('a source whose file is not there says so once and waits for it', async () => {
  await rest.putConnectorConfig('late', source('late.txt', 'late'))
  await waitForState('late', 'RUNNING')
  await logged('WARN', '[late|task-0]', 'late.txt')
  await writeFile(join(dir, 'late.txt'), given.map((line) => `${line}\n`).join(''))
  await waitForRecords(client, 'late', given.length)
  expect(await logged('WARN', '[late|task-0]', 'late.txt')).toHaveLength(1)
})

test('bytes that are no UTF-8 become U+FFFD, are warned of once with file and position, and counted', async () => {
  const lines = [Buffer.from('fine'), Buffer.from([0x61, 0xff, 0x62]), Buffer.from('日本'), Buffer.from([0xc3, 0x28])]
  await writeFile(join(dir, 'bytes.txt'), Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
  await rest.putConnectorConfig('bytes', source('bytes.txt', 'bytes'))
  await waitForRecords(client, 'bytes', lines.length)
  expect(valueTexts(await readTopic(client, 'bytes'))).toEqual(['fine', 'a\uFFFDb', '日本', '\uFFFD('])
  const position = Buffer.byteLength('fine\na')
  expect(await logged('WARN', '[bytes|task-0]', 'UTF-8', 'bytes.txt', `position=${position}`)).toHaveLength(1)
  await rest.deleteConnector('bytes')
  expect(await logged('WARN', '[bytes|task-0]', 'UTF-8', 'bytes.txt', 'lines=2')).toHaveLength(1)
  expect(await logged('WARN', '[bytes|task-0]')).toHaveLength(2)
})
