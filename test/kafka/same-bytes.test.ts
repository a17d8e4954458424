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
import { readTopic, valueTexts, waitForRecords } from '../support/topic-records.ts'

type Props = Readonly<Record<string, string>>

const lines = [
  'plain',
  '',
  '',
  ' blanks at both ends ',
  '\ttab\u0000nul\u0001\u001f\u007f controls \u0085\u2028\u2029',
  '\uFEFFbyte order mark',
  'Grüße aus Köln, Español, Ελληνικά, Русский, עברית, العربية, हिन्दी, 日本語, 한국어',
  'beyond the first plane: 😀 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧',
  'e\u0301 is not é',
  '"quotes" \\backslashes\\ /slashes/ {"json":"text"} [1,2]',
  'null',
  '12345678901234567890',
  '=key=value #comment',
  // Around the 1,024 characters that Apache's reader starts with, and far beyond them and any network buffer.
  ...[1022, 1023, 1024, 1025, 2047, 2048, 4096, 65_536].map((length) => 'x'.repeat(length)),
  'ü'.repeat(70_000),
  '日'.repeat(40_000),
  '😀'.repeat(3000),
  'last',
]
// Line ends: all three kinds, and a lone CR before what could be mistaken for the rest of a CRLF.
const terminators = ['\n', '\r\n', '\r', '\n', '\n', '\r\n', '\r']
const input = `${lines.map((line, index) => line + terminators[index % terminators.length]).join('')}end\n`
const expectedLines = [...lines, 'end']

const json = 'org.apache.kafka.connect.json.JsonConverter'
const string = 'org.apache.kafka.connect.storage.StringConverter'
const converters: Readonly<Record<string, Props>> = {
  string: { 'key.converter': string, 'value.converter': string },
  json: {
    'key.converter': json,
    'key.converter.schemas.enable': 'false',
    'value.converter': json,
    'value.converter.schemas.enable': 'false',
  },
  'json-with-schema': {
    'key.converter': json,
    'key.converter.schemas.enable': 'true',
    'value.converter': json,
    'value.converter.schemas.enable': 'true',
  },
}

const transforms = 'org.apache.kafka.connect.transforms'
/** Transforms by pipeline, in order; the router, last, is added to each. */
const pipelines: Readonly<Record<string, Readonly<Record<string, Props>>>> = {
  plain: {},
  hoisted: { hoist: { type: `${transforms}.HoistField$Value`, field: 'línea' } },
  inserted: {
    hoist: { type: `${transforms}.HoistField$Value`, field: 'line' },
    static: {
      type: `${transforms}.InsertField$Value`,
      'static.field': 'origin!',
      'static.value': 'Apache "und" wir, 日本',
    },
    topic: { type: `${transforms}.InsertField$Value`, 'topic.field': 'topic', 'partition.field': 'partition?' },
  },
  keyed: { key: { type: `${transforms}.HoistField$Key`, field: 'key' } },
  nested: {
    inner: { type: `${transforms}.HoistField$Value`, field: 'inner' },
    outer: { type: `${transforms}.HoistField$Value`, field: 'outer' },
  },
}

const variants = Object.keys(converters).flatMap((converter) =>
  Object.keys(pipelines).map((pipeline) => ({ converter, pipeline, name: `${pipeline}-${converter}` })),
)

function connectors(file: string, product: string): readonly Props[] {
  return variants.map(({ converter, pipeline, name }) => {
    const steps = { ...pipelines[pipeline] }
    steps['route'] = { type: `${transforms}.RegexRouter`, regex: '(li)nes', replacement: `${product}-$1-${name}` }
    const settings = Object.entries(steps).flatMap(([alias, props]) =>
      Object.entries(props).map(([key, value]) => [`transforms.${alias}.${key}`, value]),
    )
    return {
      name: `${product}-${name}`,
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file,
      topic: 'lines',
      ...converters[converter],
      transforms: Object.keys(steps).join(','),
      ...Object.fromEntries(settings),
    }
  })
}

let dir: string
let broker: ApacheBroker
let client: KafkaClient

async function runPipelines(
  product: string,
  start: (connectors: readonly Props[]) => Promise<StandaloneWorker>,
): Promise<void> {
  const worker = await start(connectors(join(dir, 'in.txt'), product))
  try {
    for (const { name } of variants) await waitForRecords(client, `${product}-li-${name}`, expectedLines.length)
  } finally {
    await worker.close()
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-same-bytes-'))
  await writeFile(join(dir, 'in.txt'), input)
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
  expect(valueTexts(await readTopic(client, 'apache-li-plain-string'))).toEqual(expectedLines)
  expect(valueTexts(await readTopic(client, 'sluice-li-plain-string'))).toEqual(expectedLines)
})

test.each(variants)('writes the bytes that Apache Connect writes: $pipeline through $converter', async ({ name }) => {
  const apache = await readTopic(client, `apache-li-${name}`)
  expect(apache).toHaveLength(expectedLines.length)
  expect(await readTopic(client, `sluice-li-${name}`)).toEqual(apache)
})
