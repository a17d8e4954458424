import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { noMark } from '../worker/plugin-calls.ts'
import type { Channel } from './channel.ts'
import { Host } from './host.ts'
import type { HostCalls, HostNotices, WorkerCalls, WorkerNotices } from './host-protocol.ts'
import { createPeer, type Peer } from './peer.ts'

function channelOf(port: MessagePort): Channel {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', listener)
    },
    onClose: (listener) => {
      port.on('close', listener)
    },
    close: () => port.close(),
  }
}

const folder = (path: string): string => join(import.meta.dirname, '..', '..', '..', '..', path)
const packages = ['connectors/file', 'packages/converters', 'packages/transforms'].map((path) => ({
  name: path,
  manifestUrl: pathToFileURL(join(folder(path), 'connect-plugins.json')).href,
  moduleUrl: pathToFileURL(join(folder(path), 'src', 'plugins.ts')).href,
}))
const string = 'org.apache.kafka.connect.storage.StringConverter'

let peer: Peer<HostCalls, HostNotices>
let reports: WorkerNotices['task-state'][]
let directory: string

// A host is whatever stands behind a channel: here one in the test's own thread.
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'host-'))
  reports = []
  const { port1, port2 } = new MessageChannel()
  peer = createPeer<HostCalls, HostNotices, WorkerCalls, WorkerNotices>(channelOf(port1), {
    calls: { 'read-offsets': ({ partitions }) => partitions.map(() => null), 'write-offsets': () => null },
    notices: {
      'task-state': (state) => reports.push(state),
      'connector-failed': () => undefined,
      'reconfiguration-requested': () => undefined,
      report: () => undefined,
      log: () => undefined,
    },
  })
  const host = new Host(channelOf(port2), noMark)
  expect(host.attributeStray(new Error('nobody'))).toBe(false)
  const workerProps = { 'bootstrap.servers': '127.0.0.1:1', 'key.converter': string, 'value.converter': string }
  await peer.call(
    'configure',
    { workerProps, pluginPackages: packages, version: '1', reportIntervalMs: 2 ** 30, orphanBudgetMs: 0 },
    10_000,
  )
})
afterEach(() => {
  peer.close()
  rmSync(directory, { recursive: true })
})

test('validates with the code of the plugins', async () => {
  const config = { name: 'x', 'connector.class': 'FileStreamSource', file: '/tmp/x' }
  const { infos } = await peer.call('validate-connector', { name: 'x', config }, 10_000)
  expect(infos.configs.flatMap(({ value }) => value!.errors)).toEqual([
    'Missing required configuration "topic" which has no default value.',
  ])
})

test('divides the work of a connector; a task that gets its connector\u2019s config gets it as it was written', async () => {
  const config = { name: 'x', 'connector.class': 'FileStreamSink', topics: 't', 'tasks.max': ' 2 ' }
  expect(await peer.call('start-connector', { name: 'x', config }, 10_000)).toEqual({
    type: 'sink',
    version: '0.1.0',
    taskConfigs: [config, config],
    isWatching: false,
  })
})

test('a class that is not there is refused in the words of Connect', async () => {
  const config = { name: 'x', 'connector.class': 'Nope' }
  await expect(peer.call('start-connector', { name: 'x', config }, 10_000)).rejects.toMatchObject({
    code: 'CONNECT_PLUGIN_NOT_FOUND',
    message: expect.stringMatching(/^Failed to find any class that implements Connector and which name matches Nope/),
  })
})

const task = { connector: 'x', task: 0, epoch: 3 }
const config = { name: 'x', 'connector.class': 'FileStreamSource', file: join('absent'), topic: 't' }

test('a task created while paused says so and is not started; stopped, it says that', async () => {
  const lease = { epoch: 3, expiresAtMs: Number.POSITIVE_INFINITY }
  const start = { task, type: 'source', target: 'PAUSED', connectorConfig: config, taskConfig: config, lease } as const
  await peer.call('start-task', start, 10_000)
  await peer.call('stop-task', { ...task, epoch: 2 }, 10_000)
  await peer.call('stop-task', task, 10_000)
  expect(reports).toEqual([
    { task, report: { state: 'paused' } },
    { task, report: { state: 'stopped' } },
  ])
})

test('a task that cannot be built fails with the key at fault', async () => {
  const connectorConfig = { ...config, transforms: 't', 'transforms.t.type': 'nope' }
  const lease = { epoch: 3, expiresAtMs: 0 }
  const start = { task, type: 'source', target: 'STARTED', connectorConfig, taskConfig: config, lease } as const
  await peer.call('start-task', start, 10_000)
  await peer.call('stop-task', task, 10_000)
  expect(reports).toEqual([
    {
      task,
      report: {
        state: 'failed',
        trace: expect.stringMatching(
          /^ConfigError: Invalid value nope for configuration transforms\.t\.type: Class nope could not be found\./,
        ),
      },
    },
  ])
})
