// The refusals that come from the HTTP server rather than from a handler, each in the shape that Connect gives it.
import type { FastifyReply } from 'fastify'
import { jsonType } from './negotiate.ts'

/** Connect's JSON error without a content type: how it answers before a method is chosen. */
export function refuse(reply: FastifyReply, status: number, text: string): FastifyReply {
  return write(reply, status, text, {})
}

/** The same with a content type: how it answers once a method is chosen. */
export function refuseWithType(reply: FastifyReply, status: number, text: string): FastifyReply {
  return write(reply, status, text, { 'content-type': jsonType })
}

// Writes past Fastify, which would add a content type where there was none.
function write(reply: FastifyReply, status: number, text: string, headers: Record<string, string>): FastifyReply {
  const body = JSON.stringify({ error_code: status, message: `HTTP ${status} ${text}` })
  reply.hijack()
  reply.raw.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  reply.raw.end(reply.request.method === 'HEAD' ? undefined : body)
  return reply
}

/** The page of an HTTP server that did not understand the request; without a body for PUT and DELETE. */
export function refuseAsPage(reply: FastifyReply, status: number, reason: string): FastifyReply {
  const hasPage = reply.request.method !== 'PUT' && reply.request.method !== 'DELETE'
  const title = `${status} ${reason}`
  const page = `<html>\n<head>\n<title>Error ${title}</title>\n</head>\n<body>\n<h2>HTTP ERROR ${title}</h2>\n</body>\n</html>\n`
  return reply
    .code(status)
    .header('cache-control', 'must-revalidate,no-cache,no-store')
    .header('content-type', 'text/html;charset=iso-8859-1')
    .send(hasPage ? page : '')
}
