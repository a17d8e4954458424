// The REST server: Fastify's router over the route table of @sluice/rest-api, with the answers that Connect's own
// server gives before a handler is chosen. HTTP stops here; the herder knows nothing of it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify'
import { ConnectError, type Logger } from '@sluice/api'
import { routes, type Operation, type Route } from '@sluice/rest-api'
import type { Herder } from '../herder/herder.ts'
import { errorResponse } from './error-response.ts'
import { handlers, type Answer } from './handlers.ts'
import type { Listener } from './listeners.ts'
import { acceptedType, plainPath, refuseContentType, refuseUrl } from './negotiate.ts'

/** How long a request may wait for the herder (connect-surface §1.2); not configurable in Connect either. */
const requestTimeoutMs = 90_000
const maxBodyBytes = 16 * 1024 * 1024
const routedMethods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

export interface RestServerOptions {
  readonly herder: Herder
  readonly listeners: readonly Listener[]
  readonly log: Logger
}

export interface RestServer {
  /** One per listener, with the port that was really bound, for example `http://127.0.0.1:8083`. */
  readonly urls: readonly string[]
  close(): Promise<void>
}

type PathRoutes = ReadonlyMap<string, Operation>

/** The operations by path, then by method. */
function routesByPath(): ReadonlyMap<string, PathRoutes> {
  const byPath = new Map<string, Map<string, Operation>>()
  for (const [operation, route] of Object.entries(routes) as [Operation, Route][]) {
    const methods = byPath.get(route.path) ?? new Map<string, Operation>()
    byPath.set(route.path, methods.set(route.method, operation))
  }
  return byPath
}

/** Writes past Fastify, which would add a content type: Connect's early refusals have none. */
function refuse(reply: FastifyReply, status: number, text: string): FastifyReply {
  const body = JSON.stringify({ error_code: status, message: `HTTP ${status} ${text}` })
  reply.hijack()
  reply.raw.writeHead(status, { 'content-length': Buffer.byteLength(body) })
  reply.raw.end(reply.request.method === 'HEAD' ? undefined : body)
  return reply
}

function refuseAsPage(reply: FastifyReply, status: number, reason: string): FastifyReply {
  const hasPage = reply.request.method !== 'PUT' && reply.request.method !== 'DELETE'
  const page = `<html><head><title>Error ${status} ${reason}</title></head><body><h2>HTTP ERROR ${status} ${reason}</h2></body></html>\n`
  return reply
    .code(status)
    .header('content-type', 'text/html;charset=iso-8859-1')
    .send(hasPage ? page : '')
}

function hasBody(request: FastifyRequest): boolean {
  const length = request.headers['content-length']
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConnectError('Request timed out', { code: 'REST_REQUEST_TIMED_OUT' })),
      requestTimeoutMs,
    )
  })
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer))
}

function send(reply: FastifyReply, answer: Answer, contentType: string): FastifyReply {
  reply.code(answer.status)
  for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value)
  if (answer.body === undefined) return reply.send()
  // A Buffer keeps Fastify from adding a charset to the content type.
  return reply.header('content-type', contentType).send(Buffer.from(JSON.stringify(answer.body)))
}

function allowedMethods(methods: PathRoutes): string {
  const declared = [...methods.keys()]
  return [...(methods.has('GET') ? ['HEAD'] : []), ...declared, 'OPTIONS'].join(', ')
}

/** One handler for every method of a path, in the order of Connect's decisions: 405, OPTIONS, 415, 406, then the work. */
function pathHandler(herder: Herder, methods: PathRoutes) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const operation = methods.get(request.method === 'HEAD' ? 'GET' : request.method)
    if (request.method === 'OPTIONS') {
      const allow = allowedMethods(methods)
      return reply.header('allow', allow).header('content-type', 'text/plain').send(Buffer.from(allow))
    }
    if (!operation) return refuse(reply, 405, 'Method Not Allowed')
    const refusal = refuseContentType(request.headers['content-type'], hasBody(request))
    if (refusal === 400) return refuseAsPage(reply, 400, 'Bad Request')
    if (refusal === 415) return refuse(reply, 415, 'Unsupported Media Type')
    const contentType = acceptedType(request.headers.accept)
    if (contentType === null) return refuse(reply, 406, 'Not Acceptable')
    const body = Buffer.isBuffer(request.body) ? request.body : undefined
    const answer = await withTimeout(
      handlers[operation](herder, {
        parameters: request.params as Readonly<Record<string, string>>,
        query: new URL(request.url, 'http://worker').searchParams,
        host: request.headers.host ?? '',
        body,
      }),
    )
    return send(reply, answer, contentType)
  }
}

function createApp(options: RestServerOptions): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 8192 },
    rewriteUrl: (request) => plainPath(request.url ?? '/'),
    frameworkErrors: (_error, _request, reply) => refuseAsPage(reply, 400, 'Bad Request'),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request, reply) => {
    const refusal = refuseUrl(request.raw.url ?? '/')
    if (refusal) return refuseAsPage(reply, refusal.status, refusal.reason)
    return undefined
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'Not Found'))
  app.setErrorHandler((error, request, reply) => {
    const response = errorResponse(error)
    if (response.status >= 500) options.log.debug('A request was refused.', { url: request.url, error })
    return send(reply, response, 'application/json')
  })
  for (const [path, methods] of routesByPath()) {
    const url = path.replace(/\{(\w+)\}/g, ':$1')
    app.route({ method: routedMethods, url, handler: pathHandler(options.herder, methods) })
  }
  return app
}

function listen(listener: Listener, app: FastifyInstance): Promise<Server> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => app.routing(request, response))
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const place = `${listener.host || '*'}:${listener.port}`
      const way =
        cause.code === 'EADDRINUSE'
          ? 'another process listens there; stop it, or name another port in "listeners"'
          : cause.message
      reject(
        new ConnectError(`Opening the REST listener http://${place}: ${way}.`, { cause, code: 'CONNECT_PORT_IN_USE' }),
      )
    })
    server.listen({ port: listener.port, ...(listener.host ? { host: listener.host } : {}) }, () => resolve(server))
  })
}

function urlOf(listener: Listener, server: Server): string {
  const { address, port } = server.address() as AddressInfo
  const host = listener.host || (address === '::' || address === '0.0.0.0' ? 'localhost' : address)
  return `${listener.protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}

/** Opens every listener, or none: a port in use is a ConnectError that names it. */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  const app = createApp(options)
  await app.ready()
  const servers: Server[] = []
  try {
    for (const listener of options.listeners) servers.push(await listen(listener, app))
  } catch (error) {
    await Promise.all(servers.map(close))
    throw error
  }
  const urls = servers.map((server, index) => urlOf(options.listeners[index] as Listener, server))
  return {
    urls,
    close: async () => {
      await Promise.all(servers.map(close))
      await app.close()
    },
  }
}
