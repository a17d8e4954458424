// What is compared of two answers to one REST request: status, headers and body, in one text that prints well.
import type { RestExchange, RestResponse } from './rest-exchange.ts'

/**
 * A part of an answer in which we differ from Connect on purpose. Everything else of the answer is equal.
 *
 * - `message`: the words of an error; there must be some.
 * - `location`: where the plugins that an error lists lie.
 * - `page`: the page of an error that the HTTP server answers itself, apart from its title.
 * - `entries`: those entries of a list of plugins that are not ours.
 * - `methods`: those methods of an OPTIONS answer that are not ours.
 * - `trace`: the trace of a failed task; the words of the recorded first line must be in ours.
 */
export type DifferingPart = 'message' | 'location' | 'page' | 'entries' | 'methods' | 'trace'

/** An answer as text, ready to be compared. Fields that only we have are left out. */
export function comparableAnswer(wanted: RestExchange['request'], answer: RestResponse): string {
  const headers = Object.entries(answer.headers).sort(byKey)
  const lines = [`HTTP ${answer.status}`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  return [...lines, '', comparableBody(wanted.path, answer.body)].join('\n')
}

/** The recorded answer and ours without the part in which they may differ. */
export function withoutPart(
  part: DifferingPart,
  recorded: RestResponse,
  ours: RestResponse,
): readonly [recorded: RestResponse, ours: RestResponse] {
  switch (part) {
    case 'message':
      return [
        { ...recorded, body: withoutMessage(recorded.body) },
        { ...ours, body: withoutMessage(ours.body) },
      ]
    case 'location':
      return [
        { ...recorded, body: withoutLocations(recorded.body) },
        { ...ours, body: withoutLocations(ours.body) },
      ]
    case 'page':
      return [
        { ...recorded, body: titleOf(recorded.body) },
        { ...ours, body: titleOf(ours.body) },
      ]
    case 'entries':
      return [{ ...recorded, body: commonEntries(recorded.body, ours.body) }, ours]
    case 'methods':
      return [commonMethods(recorded, ours), ours]
    case 'trace':
      return [
        { ...recorded, body: withoutTrace(recorded.body, cause(recorded.body)) },
        { ...ours, body: withoutTrace(ours.body, cause(recorded.body)) },
      ]
  }
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function comparableBody(path: string, body: string): string {
  const value = parse(body)
  if (value === undefined) return body
  const { pathname, searchParams } = new URL(path, 'http://worker')
  // Maps and sets of Java, whose order says nothing: configs, and the connectors of a worker.
  const isMap = pathname.endsWith('/config') || searchParams.has('expand')
  const isSet = /^\/connectors\/?$/.test(pathname)
  return JSON.stringify(arranged(withoutOurs(value), isMap, isSet), null, 1)
}

function parse(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json
  } catch {
    return undefined
  }
}

/** An error without the fields that we add to Connect's two. */
function withoutOurs(value: Json): Json {
  if (!isObject(value) || !('error_code' in value)) return value
  const { code: _code, config_key: _key, suggestion: _suggestion, ...connects } = value
  return connects
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

/** The keys of objects stay in their order, apart from those of maps. */
function arranged(value: Json, isMap: boolean, isSet = false): Json {
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => arranged(item, false))
    return isSet ? items.sort() : items
  }
  if (!isObject(value)) return value
  // An error is no map, wherever it is met.
  const sorts = isMap && !('error_code' in value) && !('tasks' in value)
  const entries = Object.entries(value).map(([key, item]) => [key, arranged(item, key === 'config')] as const)
  return Object.fromEntries(sorts ? entries.sort(byKey) : entries)
}

function withoutMessage(body: string): string {
  const value = parse(body)
  if (value === undefined || !isObject(value) || typeof value['message'] !== 'string' || value['message'] === '') {
    return body
  }
  return JSON.stringify({ ...value, message: '…' })
}

function withoutLocations(body: string): string {
  return body.replace(/location='[^']+'/g, "location='…'")
}

function titleOf(page: string): string {
  return /<title>(.*)<\/title>/.exec(page)?.[1] ?? page
}

function commonEntries(recorded: string, ours: string): string {
  const own = parse(ours)
  const all = parse(recorded)
  if (!Array.isArray(own) || !Array.isArray(all)) return recorded
  const known = new Set(own.map((entry: Json) => JSON.stringify(entry)))
  return JSON.stringify(all.filter((entry: Json) => known.has(JSON.stringify(entry))))
}

function commonMethods(recorded: RestResponse, ours: RestResponse): RestResponse {
  const own = new Set(ours.body.split(', '))
  const common = recorded.body.split(', ').filter((method) => own.has(method))
  return { ...recorded, headers: { ...recorded.headers, allow: common.join(',') }, body: common.join(', ') }
}

const traces = /("trace":")((?:[^"\\]|\\.)*)/g

/** The words of the first line of the first trace, without the class of the error. */
function cause(body: string): string {
  const [trace = ''] = Array.from(body.matchAll(traces), ([, , text]) => text)
  return (trace?.split(String.raw`\n`)[0] ?? '').replace(/^[\w.$]+: /, '')
}

/** Traces that contain the words become the words. */
function withoutTrace(body: string, words: string): string {
  return body.replace(traces, (whole, key: string, text: string) => (text.includes(words) ? key + words : whole))
}
