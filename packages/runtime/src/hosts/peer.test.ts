import { ConfigError, ConnectError, isConfigError, isRetriable, RetriableError } from '@sluice/api'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Channel } from './channel.ts'
import { createPeer, type Peer } from './peer.ts'

// A thread's port, where hosts are processes today: the protocol asks for no more than this.
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

interface Calls {
  readonly double: { readonly request: number; readonly answer: number }
  readonly fail: { readonly request: 'config' | 'retriable' | 'foreign'; readonly answer: null }
  readonly hang: { readonly request: null; readonly answer: null }
}

let heard: string[]
let near: Peer<Calls, { readonly said: string }>
let far: Peer<object, object>

beforeEach(() => {
  heard = []
  const { port1, port2 } = new MessageChannel()
  near = createPeer<Calls, { readonly said: string }, object, object>(channelOf(port1), { calls: {}, notices: {} })
  far = createPeer<object, object, Calls, { readonly said: string }>(channelOf(port2), {
    calls: {
      double: (value) => value * 2,
      fail: (kind) => {
        if (kind === 'config') throw new ConfigError('bad', [{ key: 'a', message: 'bad', suggestion: 'b' }])
        if (kind === 'retriable') throw new RetriableError('later', { cause: new Error('why') })
        throw new TypeError('foreign')
      },
      hang: () => new Promise(() => undefined),
    },
    notices: { said: (text) => heard.push(text) },
  })
})
afterEach(() => {
  near.close()
  far.close()
})

test('a call is answered, and notices arrive in order before it', async () => {
  near.tell('said', 'one')
  near.tell('said', 'two')
  expect(await near.call('double', 21, 1_000)).toBe(42)
  expect(heard).toEqual(['one', 'two'])
})

test('an error keeps its class, its code, its issues, its cause and its stack', async () => {
  const config: unknown = await near.call('fail', 'config', 1_000).catch((error: unknown) => error)
  expect(isConfigError(config) && config.issues).toEqual([{ key: 'a', message: 'bad', suggestion: 'b' }])
  const retriable: unknown = await near.call('fail', 'retriable', 1_000).catch((error: unknown) => error)
  expect(isRetriable(retriable)).toBe(true)
  expect((retriable as Error).cause).toMatchObject({ message: 'why' })
  const foreign = (await near.call('fail', 'foreign', 1_000).catch((error: unknown) => error)) as Error
  expect(foreign).toBeInstanceOf(ConnectError)
  expect(foreign.stack).toMatch(/^TypeError: foreign\n\s+at .*peer\.test\.ts/)
})

test('a call that is not answered in time is given up', async () => {
  await expect(near.call('hang', null, 5)).rejects.toMatchObject({ code: 'REST_REQUEST_TIMED_OUT' })
})

test('calls under way, and later ones, fail when the other end is gone', async () => {
  const calling = near.call('hang', null, 60_000)
  far.close()
  await expect(calling).rejects.toMatchObject({ code: 'CONNECT_HOST_LOST' })
  await expect(near.call('double', 1, 60_000)).rejects.toMatchObject({ code: 'CONNECT_HOST_LOST' })
})
