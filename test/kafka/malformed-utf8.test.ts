// Bytes that are no UTF-8 are read as Apache Connect reads them: the same number of U+FFFD in the same places.
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
import { readTopic, valueTexts, waitForRecords } from '../support/topic-records.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'

/** A small generator with a fixed seed (xorshift32): the same bytes in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Lines of pieces that are each nearly right: cut sequences, stray continuations, overlong forms, surrogates. */
function malformedLines(count: number): readonly Buffer[] {
  const pieces = [
    [0x80], [0xbf], [0xc0], [0xc1, 0xbf], [0xc2], [0xc3, 0x28], [0xe0, 0x80, 0xaf], [0xe0, 0xa0], [0xe2, 0x82], [0xe2, 0x28, 0xa1],
    [0xed, 0xa0, 0x80], [0xed, 0xb0, 0x80], [0xed, 0x9f], [0xef, 0xbf, 0xbf], [0xf0, 0x80, 0x80, 0x80], [0xf0, 0x9f], [0xf0, 0x9f, 0x98],
    [0xf0, 0x28, 0x8c, 0xbc], [0xf4, 0x8f, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80],
    [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80], [0xfe], [0xff], [0xc3, 0xa9], [0xf0, 0x9f, 0x98, 0x80], [0x41], [0x20],
  ] // prettier-ignore
  const next = generator(20_261_122)
  const each = pieces.map((piece) => Buffer.from([0x3c, ...piece, 0x3e]))
  const mixed = Array.from({ length: count }, () =>
    Buffer.concat(Array.from({ length: 1 + next(12) }, () => Buffer.from(pieces[next(pieces.length)]!))),
  )
  return [...each, ...mixed]
}

// Below 2,000, its batch.size: Apache's source holds back what it has read behind a full batch until the file grows.
const lines = malformedLines(1900)
let dir: string
let broker: ApacheBroker
let client: KafkaClient

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-malformed-'))
  await writeFile(join(dir, 'in.txt'), Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])))
  broker = await startApacheBroker()
  client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'malformed-utf8' })
  const props = { 'bootstrap.servers': broker.bootstrapServers, 'key.converter': string, 'value.converter': string }
  const connector = { 'connector.class': 'FileStreamSource', file: join(dir, 'in.txt') }
  for (const start of [startApacheConnect, startSluice]) {
    const topic = start === startSluice ? 'sluice' : 'apache'
    const worker = await start({ props, connectors: [{ ...connector, name: topic, topic }] })
    try {
      await waitForRecords(client, topic, lines.length)
    } finally {
      await worker.close()
    }
  }
})

afterAll(async () => {
  await client?.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

test('malformed bytes become the characters that Apache Connect makes of them', async () => {
  const apache = valueTexts(await readTopic(client, 'apache'))
  expect(apache).toHaveLength(lines.length)
  expect(valueTexts(await readTopic(client, 'sluice'))).toEqual(apache)
})
