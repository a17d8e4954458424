// The same topics through Apache's file sink and through ours: the files are equal, byte for byte.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKafkaClient } from '@sluice/kafka'
import type { KafkaClient } from '@sluice/kafka'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApacheBroker } from '../support/apache/apache-broker.ts'
import type { ApacheBroker } from '../support/apache/apache-broker.ts'
import { startApacheConnect } from '../support/apache/apache-connect.ts'
import { startSluice } from '../support/sluice-standalone.ts'
import { writeTopic } from '../support/topic-records.ts'
import { waitUntil } from '../support/wait-until.ts'

type Props = Readonly<Record<string, string>>

const json = 'org.apache.kafka.connect.json.JsonConverter'
const jsonPlain = { 'value.converter': json, 'value.converter.schemas.enable': 'false' }
const jsonSchemas = { 'value.converter': json, 'value.converter.schemas.enable': 'true' }
const transforms = 'org.apache.kafka.connect.transforms'
const end = 'the end'

function enveloped(schema: unknown, payload: unknown): string {
  return JSON.stringify({ schema, payload })
}

function struct(...fields: readonly (readonly [name: string, type: object])[]): object {
  return { type: 'struct', optional: false, fields: fields.map(([field, type]) => ({ field, ...type })) }
}

const text = [
  'plain',
  '',
  'Grüße aus 日本 😀',
  'two\nlines',
  'cr\rlf\r\n',
  '{"not":"parsed"}',
  ' blanks ',
  'x'.repeat(100_000),
  '\u0000',
  null,
]

const plain = [
  '"text"', '""', 'null', 'true', 'false', '0', '-0', '1', '-9223372036854775808', '9007199254740993', '1.5', '1.0', '1e3', '10000000.0', '12345678.9',
  '0.001', '0.0001', '1e-7', '123456789012.5', '1e21', '1.7976931348623157e308', '5e-324', '-0.0', '0.1', '100', '{}', '[]', '[1,2.0,"x",null,true]',
  '{"a":1}', '{"ключ":"значение 日本"}', '{"b":1,"a":2,"c":{"z":[],"y":null}}', '[[],{},[[1]]]',
  '{"id":17,"name":"Müller","price":19.99,"tags":["a","b"],"active":true,"note":null}',
  '{"alpha":1,"beta":2,"gamma":3,"delta":4,"epsilon":5,"zeta":6,"eta":7,"theta":8,"iota":9,"kappa":10,"lambda":11,"mu":12,"nu":13,"xi":14}',
] // prettier-ignore

const optional = (type: string): object => ({ type, optional: true })
const required = (type: string): object => ({ type, optional: false })
const all = struct(
  ['i8', required('int8')],
  ['i16', required('int16')],
  ['i32', required('int32')],
  ['i64', required('int64')],
  ['f32', required('float')],
  ['f64', required('double')],
  ['flag', required('boolean')],
  ['text', optional('string')],
  ['list', { type: 'array', items: required('int32'), optional: true }],
  ['map', { type: 'map', keys: required('string'), values: required('int32'), optional: true }],
  ['inner', { ...struct(['größe', required('string')]), optional: true }],
)
const enveloping = [
  enveloped(required('string'), 'Grüße'),
  enveloped(required('int32'), 7),
  enveloped(required('double'), 1),
  enveloped(required('double'), 1e7),
  enveloped(required('float'), 1.1),
  enveloped(required('float'), 16777216),
  enveloped(required('int64'), 9007199254740991),
  enveloped(optional('string'), null),
  enveloped({ type: 'array', items: required('string') }, ['a', 'b', '']),
  enveloped({ type: 'map', keys: required('string'), values: required('int32') }, { b: 1, a: 2, c: 3 }),
  enveloped({ type: 'map', keys: required('int32'), values: required('string') }, [[10, 'ten'], [2, 'two']]),
  enveloped({ type: 'int64', name: 'org.apache.kafka.connect.data.Timestamp', version: 1 }, 1_700_000_000_000),
  enveloped({ type: 'int32', name: 'org.apache.kafka.connect.data.Date', version: 1 }, 19_675),
  enveloped({ type: 'int32', name: 'org.apache.kafka.connect.data.Time', version: 1 }, 79_200_000),
  enveloped({ type: 'bytes', name: 'org.apache.kafka.connect.data.Decimal', version: 1, parameters: { scale: '2' } }, 'MDk='),
  enveloped(all, { i8: -1, i16: 300, i32: 70000, i64: 1, f32: 0.5, f64: 1e-10, flag: true, text: 'a,b={c}', list: [1, 2], map: { k: 1 }, inner: { größe: 'é' } }),
  enveloped(all, { i8: 1, i16: 2, i32: 3, i64: 4, f32: 5, f64: 6, flag: false, text: null, list: [], map: {}, inner: null }),
  enveloped(struct(), {}),
  null,
] // prettier-ignore

interface Case {
  readonly name: string
  readonly values: readonly (string | null)[]
  readonly config: Props
}

const cases: readonly Case[] = [
  { name: 'text', values: text, config: { 'value.converter': 'org.apache.kafka.connect.storage.StringConverter' } },
  { name: 'json', values: plain, config: jsonPlain },
  { name: 'json-with-schema', values: enveloping, config: jsonSchemas },
  {
    name: 'transformed',
    values: plain.filter((value) => value.startsWith('{"a')),
    config: {
      ...jsonPlain,
      transforms: 'where,hoist',
      'transforms.where.type': `${transforms}.InsertField$Value`,
      'transforms.where.topic.field': 'from',
      'transforms.where.partition.field': 'partition',
      'transforms.where.offset.field': 'offset',
      'transforms.hoist.type': `${transforms}.HoistField$Value`,
      'transforms.hoist.field': 'record',
    },
  },
]

let dir: string
let broker: ApacheBroker
let client: KafkaClient

/** The last value of each topic prints as (or ends with) this text, which tells that the file is complete. */
function lastValue({ config }: Case): string {
  if (config['transforms']) return JSON.stringify({ end })
  if (config === jsonSchemas) return enveloped(required('string'), end)
  return config === jsonPlain ? JSON.stringify(end) : end
}

async function runSinks(product: string, start: typeof startApacheConnect): Promise<void> {
  const connectors = cases.map(({ name, config }) => ({
    name: `${product}-${name}`,
    'connector.class': 'FileStreamSink',
    file: join(dir, `${product}-${name}.txt`),
    topics: name,
    ...config,
  }))
  const worker = await start({
    props: { 'bootstrap.servers': broker.bootstrapServers, 'key.converter': json },
    connectors,
  })
  const isComplete = async (name: string): Promise<boolean> => {
    const written = await readFile(join(dir, `${product}-${name}.txt`), 'utf8').catch(() => '')
    return written.includes(end)
  }
  try {
    for (const { name } of cases) await waitUntil(() => isComplete(name), `${product}'s file of ${name} to be complete`)
  } finally {
    await worker.close()
  }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-sink-files-'))
  broker = await startApacheBroker()
  client = createKafkaClient({ bootstrapServers: [broker.bootstrapServers], clientId: 'sink-files' })
  for (const one of cases) await writeTopic(client, one.name, [...one.values, lastValue(one)])
  await runSinks('apache', startApacheConnect)
  await runSinks('sluice', startSluice)
})

afterAll(async () => {
  await client?.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

test.each(cases)('writes the file that Apache Connect writes: $name', async ({ name }) => {
  const apache = await readFile(join(dir, `apache-${name}.txt`), 'utf8')
  expect(apache.split('\n').length).toBeGreaterThan(2)
  const ours = await readFile(join(dir, `sluice-${name}.txt`), 'utf8')
  // Line by line first: a difference in one of a hundred kilobytes is then readable.
  expect(ours.split('\n')).toEqual(apache.split('\n'))
  expect(ours).toBe(apache)
})
