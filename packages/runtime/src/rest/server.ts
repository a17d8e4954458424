// The REST server: Fastify's router over the route table of @sluice/rest-api, with the answers that Connect's own
// server gives before a handler is chosen. HTTP stops here; the herder knows nothing of it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify'
import { ConfigError, ConnectError, type Logger } from '@sluice/api'
import { routes, type Operation, type Route } from '@sluice/rest-api'
import type { Herder } from '../herder/herder.ts'
import { errorResponse } from './error-response.ts'
import { handlers, type Answer } from './handlers.ts'
import type { Listener } from './listeners.ts'
import { acceptedType, allowedMethods, jsonType, plainPath, refuseContentType, refuseUrl } from './negotiate.ts'
import { refuse, refuseAsPage, refuseWithType } from './refusals.ts'

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

/**
 * What is decided of a path that is known, in Connect's order: 405, OPTIONS, 415, 406. Before the body is read, so
 * that Fastify has no say in it.
 */
function pathGuard(methods: PathRoutes) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.method === 'OPTIONS') {
      const allowed = allowedMethods([...methods.keys()])
      const body = Buffer.from(allowed.join(', '))
      return reply.header('allow', allowed.join(',')).header('content-type', 'text/plain').send(body)
    }
    if (!methods.has(routedMethod(request))) return refuse(reply, 405, 'Method Not Allowed')
    const type = request.headers['content-type']
    const refusal = refuseContentType(type, hasBody(request))
    if (refusal === 400) return refuseAsPage(reply, 400, 'Bad Request')
    // A body without a type is refused only when it is about to be read: by then the answer has a type of its own.
    if (refusal === 415) return (type ? refuse : refuseWithType)(reply, 415, 'Unsupported Media Type')
    return acceptedType(request.headers.accept) === null ? refuse(reply, 406, 'Not Acceptable') : undefined
  }
}

function routedMethod(request: FastifyRequest): string {
  return request.method === 'HEAD' ? 'GET' : request.method
}

/** One handler for every method of a path: the work, once the guard has let the request through. */
function pathHandler(herder: Herder, methods: PathRoutes) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const operation = methods.get(routedMethod(request)) as Operation
    const answer = await withTimeout(
      handlers[operation](herder, {
        parameters: request.params as Readonly<Record<string, string>>,
        query: new URL(request.url, 'http://worker').searchParams,
        host: request.headers.host ?? '',
        body: Buffer.isBuffer(request.body) ? request.body : undefined,
      }),
    )
    return send(reply, answer, acceptedType(request.headers.accept) ?? jsonType)
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_BODY_TOO_LARGE'
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
    if (isTooLarge(error)) return refuseWithType(reply, 413, 'Request Entity Too Large')
    const response = errorResponse(error)
    if (response.status >= 500) options.log.debug('A request was refused.', { url: request.url, error })
    return send(reply, response, jsonType)
  })
  for (const [path, methods] of routesByPath()) {
    const url = path.replace(/\{(\w+)\}/g, ':$1')
    app.route({
      method: routedMethods,
      url,
      onRequest: pathGuard(methods),
      handler: pathHandler(options.herder, methods),
    })
  }
  return app
}

function listen(listener: Listener, app: FastifyInstance): Promise<Server> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => app.routing(request, response))
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(listener, cause)))
    server.listen({ port: listener.port, ...(listener.host ? { host: listener.host } : {}) }, () => resolve(server))
  })
}

/** A port in use is the environment's; an address that this machine does not have, or may not use, is the config's. */
function listenError(listener: Listener, cause: NodeJS.ErrnoException): ConnectError {
  const doing = `Opening the REST listener http://${listener.host || '*'}:${listener.port}`
  if (cause.code === 'EADDRINUSE') {
    const found = 'another process listens there; stop it, or name another port in "listeners"'
    return new ConnectError(`${doing}: ${found}.`, { cause, code: 'CONNECT_PORT_IN_USE' })
  }
  const isForbidden = cause.code === 'EACCES'
  const found = isForbidden ? 'the permissions do not allow it' : `the system answers "${cause.message}"`
  const suggestion = isForbidden ? 'Name a port above 1023.' : 'Name an address of this machine, or none for all.'
  return new ConfigError(`${doing}: ${found}.`, [{ key: 'listeners', message: found, suggestion }], { cause })
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
