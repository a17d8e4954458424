import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errorCodes, isConnectError } from '@sluice/api'
import { afterEach, expect, test } from 'vitest'
import { createRestClient, RestError } from './client.ts'

interface Reply {
  readonly status: number
  readonly body: string
}

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

/** A server that gives the replies in turn and keeps what it was asked. */
async function replying(...replies: readonly Reply[]): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked.push([request.method, request.url, request.headers['content-type'] ?? '-', body].join(' '))
      const reply = replies[asked.length - 1] ?? { status: 500, body: '' }
      response.writeHead(reply.status).end(reply.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => new Promise((resolve) => void server.close(() => resolve())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

async function errorOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => expect.unreachable(),
    (error: Error) => error,
  )
}

test('asks by the routes, names percent-encoded, bodies as JSON', async () => {
  const info = { name: 'a b', config: {}, tasks: [], type: 'source' }
  const created = { status: 201, body: JSON.stringify(info) }
  const { url, asked } = await replying(created, { ...created, status: 200 }, { status: 204, body: '' }, created)
  const client = createRestClient(`${url}//`)
  expect(await client.putConnectorConfig('a b', { file: 'x' })).toEqual({ created: true, info })
  expect(await client.putConnectorConfig('a b', { file: null })).toEqual({ created: false, info })
  expect(await client.deleteConnector('ü/1')).toBeNull()
  await client.createConnector({ name: 'a', config: {}, initial_state: 'STOPPED' })
  expect(asked).toEqual([
    'PUT /connectors/a%20b/config application/json {"file":"x"}',
    'PUT /connectors/a%20b/config application/json {"file":null}',
    'DELETE /connectors/%C3%BC%2F1 - ',
    'POST /connectors application/json {"name":"a","config":{},"initial_state":"STOPPED"}',
  ])
})

test("hands on the worker's own message and status", async () => {
  const { url } = await replying({ status: 404, body: '{"error_code":404,"message":"Connector x not found"}' })
  const error = await errorOf(createRestClient(url).getConnector('x'))
  expect(error).toBeInstanceOf(RestError)
  expect(error).toMatchObject({ status: 404, message: 'Connector x not found', code: 'REST_REQUEST_REFUSED' })
})

test('tells what was asked when the refusal has no message', async () => {
  const { url } = await replying({ status: 502, body: '<html>' })
  const error = await errorOf(createRestClient(url).serverInfo())
  expect(error.message).toBe(`GET ${url}/ was answered with HTTP 502`)
})

test('says that no worker answered, which is exit code 3', async () => {
  const { url } = await replying()
  await stops.pop()!()
  const error = await errorOf(createRestClient(url).listConnectors())
  expect(error.message).toContain(`GET ${url}/connectors: no worker answered`)
  expect(isConnectError(error) && errorCodes[error.code].exitCode).toBe(3)
})

test('says so when something else answers in place of a worker', async () => {
  const { url } = await replying({ status: 200, body: '<html>hello</html>' })
  const error = await errorOf(createRestClient(url).listConnectors())
  expect(error.message).toContain('something answered, but not a worker')
  expect(isConnectError(error) && errorCodes[error.code].exitCode).toBe(3)
})
