// The file of source offsets and the groups of sinks belong to both: Apache Connect goes on where we stopped, and we
// where it stopped, in turns, on the same file, so that Java's own classes read what we wrote.
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaClient } from '@sluice/kafka'
import type { KafkaClient } from '@sluice/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApacheBroker } from '../support/apache/apache-broker.ts'
import type { ApacheBroker } from '../support/apache/apache-broker.ts'
import { startApacheConnect } from '../support/apache/apache-connect.ts'
import { startSluice } from '../support/sluice-standalone.ts'
import { withWorker } from '../support/standalone-worker.ts'
import { readTopic, valueTexts, waitForRecords, writeTopic } from '../support/topic-records.ts'
import { waitUntil } from '../support/wait-until.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'
const linesPerTurn = 500

let dir: string
let broker: ApacheBroker
let client: KafkaClient

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-offsets-'))
  broker = await startApacheBroker()
  client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'offsets' })
})

afterAll(async () => {
  await client?.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

function workerProps(name: string): Record<string, string> {
  return {
    'bootstrap.servers': broker.bootstrapServers,
    'key.converter': string,
    'value.converter': string,
    'offset.storage.file.filename': join(dir, `${name}.offsets`),
  }
}

function source(name: string): Record<string, string> {
  return { name, 'connector.class': 'FileStreamSource', file: join(dir, `${name}.txt`), topic: name }
}

function turnLines(turn: number, text: string): readonly string[] {
  return Array.from({ length: linesPerTurn }, (_, index) => `${turn}.${index} ${text}`)
}

test('source offsets pass from one worker to the other and back, with nothing missing and nothing twice', async () => {
  // The two never run together; each turn has new lines and the offsets that the other left.
  const expected: string[] = []
  for (const [turn, start] of [startSluice, startApacheConnect, startSluice, startApacheConnect].entries()) {
    for (const name of ['first', 'second.größe']) {
      // ASCII: Apache counts characters but skips bytes, so its own position is only right for these.
      await appendFile(join(dir, `${name}.txt`), turnLines(turn, 'ascii').map((line) => `${line}\n`).join('')) // prettier-ignore
    }
    expected.push(...turnLines(turn, 'ascii'))
    const connectors = [source('first'), { ...source('second.größe'), topic: 'second' }]
    await withWorker(start({ props: workerProps('turns'), connectors }), async () => {
      await waitForRecords(client, 'first', expected.length)
      await waitForRecords(client, 'second', expected.length)
    })
  }
  expect(valueTexts(await readTopic(client, 'first'))).toEqual(expected)
  expect(valueTexts(await readTopic(client, 'second'))).toEqual(expected)
})

test('Apache Connect goes on at our position behind text that is not ASCII', async () => {
  const before = turnLines(0, 'Grüße 日本 😀')
  const after = turnLines(1, 'danach')
  await writeFile(join(dir, 'unicode.txt'), before.map((line) => `${line}\r\n`).join(''))
  const given = { props: workerProps('unicode'), connectors: [source('unicode')] }
  await withWorker(startSluice(given), () => waitForRecords(client, 'unicode', before.length))
  await appendFile(join(dir, 'unicode.txt'), after.map((line) => `${line}\n`).join(''))
  await withWorker(startApacheConnect(given), () => waitForRecords(client, 'unicode', before.length + after.length))
  expect(valueTexts(await readTopic(client, 'unicode'))).toEqual([...before, ...after])
})

test('offsets of connectors that no longer run stay in the file', async () => {
  const props = workerProps('left')
  for (const name of ['left-apache', 'left-sluice']) await writeFile(join(dir, `${name}.txt`), 'a\nb\n')
  const [apaches, ours] = [source('left-apache'), source('left-sluice')]
  await withWorker(startApacheConnect({ props, connectors: [apaches] }), () => waitForRecords(client, 'left-apache', 2))
  await withWorker(startSluice({ props, connectors: [ours] }), () => waitForRecords(client, 'left-sluice', 2))
  for (const name of ['left-apache', 'left-sluice']) await appendFile(join(dir, `${name}.txt`), 'c\n')
  await withWorker(startApacheConnect({ props, connectors: [apaches, ours] }), async () => {
    await waitForRecords(client, 'left-apache', 3)
    await waitForRecords(client, 'left-sluice', 3)
  })
  expect(valueTexts(await readTopic(client, 'left-apache'))).toEqual(['a', 'b', 'c'])
  expect(valueTexts(await readTopic(client, 'left-sluice'))).toEqual(['a', 'b', 'c'])
})

test('a sink goes on where the other worker committed', async () => {
  const file = join(dir, 'sink.txt')
  const sink = { name: 'sink', 'connector.class': 'FileStreamSink', file, topics: 'to-sink' }
  const expected: string[] = []
  for (const [turn, start] of [startApacheConnect, startSluice, startApacheConnect, startSluice].entries()) {
    await writeTopic(client, 'to-sink', turnLines(turn, 'Grüße 日本'))
    expected.push(...turnLines(turn, 'Grüße 日本'))
    const whole = expected.map((line) => `${line}\n`).join('')
    const isWhole = async (): Promise<boolean> => (await readFile(file, 'utf8').catch(() => '')).length >= whole.length
    await withWorker(start({ props: workerProps('sink'), connectors: [sink] }), () =>
      waitUntil(isWhole, `turn ${turn} to be in ${file}`),
    )
    expect(await readFile(file, 'utf8')).toBe(whole)
  }
})
