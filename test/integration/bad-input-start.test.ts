// What keeps a worker from starting: one clear error that names the thing and the way out, and the exit code that says
// whose it is to change: 2 the input, 3 the environment.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedBroker } from '@sluice/embedded'
import type { EmbeddedBroker } from '@sluice/embedded'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../support/logged-process.ts'
import { renderProperties } from '../support/render-properties.ts'
import { runSluice } from '../support/run-sluice.ts'
import type { CommandResult } from '../support/run-sluice.ts'

const string = 'org.apache.kafka.connect.storage.StringConverter'

let dir: string
let broker: EmbeddedBroker
let goodProps: Record<string, string>
const taken = createServer()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-bad-input-'))
  broker = await startEmbeddedBroker({})
  goodProps = {
    'bootstrap.servers': broker.bootstrapServers,
    'key.converter': string,
    'value.converter': string,
    'offset.storage.file.filename': join(dir, 'offsets'),
    listeners: 'http://127.0.0.1:0',
  }
  await mkdir(join(dir, 'folder'))
  await writeFile(join(dir, 'no-offsets'), 'not a Java map')
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  taken.close()
  await broker?.close()
  await rm(dir, { recursive: true, force: true })
})

/** Writes the files and runs a worker that is expected to end by itself. */
async function startWith(
  props: Readonly<Record<string, string | undefined>>,
  connectors: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const folder = await mkdtemp(join(dir, 'run-'))
  const defined = Object.entries({ ...goodProps, ...props }).filter((entry): entry is [string, string] => !!entry[1])
  await writeFile(join(folder, 'worker.properties'), renderProperties(Object.fromEntries(defined)))
  for (const [name, text] of Object.entries(connectors)) await writeFile(join(folder, name), text)
  return runSluice(['standalone', 'worker.properties', ...Object.keys(connectors)], folder)
}

/** The error as a person sees it, after whatever the log said before. */
function errorOf({ stderr }: CommandResult): string {
  return stderr.slice(stderr.search(/^error /m))
}

const source = { name: 'source', 'connector.class': 'FileStreamSource', file: 'in.txt', topic: 'lines' }

test.concurrent.each<[string, Record<string, string | undefined>, (string | RegExp)[]]>([
  [
    'a key that must be there',
    { 'bootstrap.servers': undefined },
    ['Missing required configuration "bootstrap.servers" which has no default value.'],
  ],
  [
    'a value of another type',
    { 'offset.flush.interval.ms': 'soon' },
    ['Invalid value soon for configuration offset.flush.interval.ms: Not a number of type LONG'],
  ],
  [
    'an unknown converter',
    { 'value.converter': 'org.example.Nowhere' },
    [
      'Invalid value org.example.Nowhere for configuration value.converter: Class org.example.Nowhere could not be found.',
    ],
  ],
  [
    'a listener that cannot be read',
    { listeners: 'localhost:8083' },
    ["Listener doesn't have the right format (protocol://hostname:port).", 'http://127.0.0.1:8083'],
  ],
  [
    'a listener on an address that is not ours',
    { listeners: 'http://192.0.2.1:8083' },
    ['Opening the REST listener http://192.0.2.1:8083', 'Name an address of this machine'],
  ],
  ['a listener with TLS', { listeners: 'https://localhost:8443' }, ['https://localhost:8443', 'TLS', 'proxy']],
  [
    'an empty plugin.path',
    { 'plugin.path': ' ' },
    ["Configuration 'plugin.path' must not be empty. Valid values include: any non-empty value"],
  ],
])('%s is refused by its name, with exit code 2', async (_, props, says) => {
  const result = await startWith(props)
  for (const text of says) expect(errorOf(result)).toContain(text)
  expect(result.code).toBe(2)
})

test.concurrent.each<[string, string, string, string[]]>([
  ['malformed JSON', 'c.json', '{"name":"c","config":{"topic":"y"]}', ['c.json', 'not JSON', 'position 33']],
  ['a malformed escape', 'c.properties', 'name=c\ntopic=\\u12\n', ['c.properties', 'line 2']],
  [
    'a class that is not there',
    'c.properties',
    renderProperties({ ...source, 'connector.class': 'FileStreamSourse' }),
    ['Failed to find any class that implements Connector and which name matches FileStreamSourse'],
  ],
  [
    'a config with errors',
    'c.properties',
    renderProperties({ ...source, 'tasks.max': '0', transforms: 't', 'transforms.t.type': 'org.example.Nowhere' }),
    [
      'contains the following 2 error(s)',
      'Invalid value 0 for configuration tasks.max: Value must be at least 1',
      'Invalid value org.example.Nowhere for configuration transforms.t.type: Class org.example.Nowhere could not be',
    ],
  ],
])('%s is refused with what was found, exit code 2', async (_, name, text, says) => {
  const result = await startWith({}, { [name]: text })
  for (const said of says) expect(errorOf(result)).toContain(said)
  expect(result.code).toBe(2)
})

test.concurrent.each<[string, string[], string]>([
  ['a port that is none', ['dev', '--kafka-port', '99999'], "'99999' is invalid. A port is a whole number"],
  ['a log level that is none', ['standalone', 'x', '--log-level', 'loud'], 'Allowed choices are debug, info'],
  ['a URL that is none', ['connectors', 'list', '--url', 'here'], '--url here: this is no URL of a worker.'],
])('%s is refused with what it may be, exit code 2', async (_, args, says) => {
  const result = await runSluice(args, dir)
  expect(result.stderr).toContain(says)
  expect(result.code).toBe(2)
})

test.concurrent('a worker file that is not there is named', async () => {
  const result = await runSluice(['standalone', 'nowhere.properties'], dir)
  expect(errorOf(result)).toContain('nowhere.properties: there is no such file')
  expect(result.code).toBe(2)
})

test.concurrent('a port in use is named, with the way out and exit code 3', async () => {
  const { port } = taken.address() as AddressInfo
  const result = await startWith({ listeners: `http://127.0.0.1:${port}` })
  expect(errorOf(result)).toContain(`http://127.0.0.1:${port}: another process listens there`)
  expect(errorOf(result)).toContain('"listeners"')
  expect(result.code).toBe(3)
})

test.concurrent('no broker is told in the words of Connect, with its address and exit code 3', async () => {
  const nobody = `127.0.0.1:${await freePort()}`
  const result = await startWith({ 'bootstrap.servers': nobody, 'default.api.timeout.ms': '1000' })
  expect(errorOf(result)).toContain(
    "Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties.",
  )
  expect(errorOf(result)).toContain(`${nobody}: connection refused`)
  // Nobody has to wait for the end to see why it does not start.
  expect(result.stderr.split('\n').filter((line) => line.includes('WARN') && line.includes(nobody))).toHaveLength(1)
  expect(result.code).toBe(3)
})

test.concurrent.each<[string, string, string[], number]>([
  ['is a folder', 'folder', ['it is a folder', 'offset.storage.file.filename'], 2],
  ['is none of Connect', 'no-offsets', ["it is not one of Connect's", 'offset.storage.file.filename'], 2],
  ['lies in a folder that is not there', 'nowhere/offsets', ['its folder must be writable'], 3],
])('an offset file that %s is named, with the way out', async (_, file, says, code) => {
  const result = await startWith({ 'offset.storage.file.filename': join(dir, file) })
  for (const said of [join(dir, file), ...says]) expect(errorOf(result)).toContain(said)
  expect(result.code).toBe(code)
})
