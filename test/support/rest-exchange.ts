// Requests to a worker's REST API and the answers to them, as they are kept in test/compat/: sent exactly as
// written (no header that is not listed, apart from Host and the length), compared with what changes from run to
// run replaced by names in braces.
import { request } from 'node:http'
import { waitUntil } from './wait-until.ts'

/** A request. `{dir}` in path and body stands for the folder of the run. */
export interface RestRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** An answer: headers without those that say nothing of the API, the body as text. */
export interface RestResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** One request and its answer. They build on each other: replay them in their order on a fresh worker. */
export interface RestExchange {
  /** What the exchange shows; unique in its file. */
  readonly name: string
  readonly request: RestRequest
  /** A regular expression: the request is repeated until the body of the answer matches it, and that answer counts. */
  readonly until?: string
  readonly response: RestResponse
}

/** A recorded file of test/compat/. */
export interface RestRecording {
  readonly recorded: string
  readonly by: string
  /** The properties of the worker that answered. */
  readonly worker: Readonly<Record<string, string>>
  readonly exchanges: readonly RestExchange[]
}

/** What changes from run to run: placeholder name (without braces) → the text that it stands for. */
export type Volatile = Readonly<Record<string, string>>

const unimportantHeaders = new Set([
  'date',
  'server',
  'content-length',
  'connection',
  'keep-alive',
  'transfer-encoding',
])

/** Replaces every `{name}` of `volatile` by its text. */
export function expand(text: string, volatile: Volatile): string {
  return Object.entries(volatile).reduce((result, [name, value]) => result.replaceAll(`{${name}}`, value), text)
}

/** Replaces every text of `volatile` by its `{name}`, and the frames of stack traces by `{frames}`. */
export function mask(text: string, volatile: Volatile): string {
  const named = Object.entries(volatile).reduce((result, [name, value]) => result.replaceAll(value, `{${name}}`), text)
  // In a JSON body a line end of a trace is written \n and a tab \t. Nothing after the first frame is comparable.
  return named.replace(/\\n\\tat (?:[^"\\]|\\.)*/g, String.raw`\n{frames}`)
}

function sendOnce(url: string, wanted: RestRequest): Promise<RestResponse> {
  const { hostname, port } = new URL(url)
  const body = wanted.body === undefined ? null : Buffer.from(wanted.body)
  const headers: Record<string, string> = { ...wanted.headers }
  if (body) headers['Content-Length'] = String(body.length)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: wanted.path, method: wanted.method, headers, agent: false },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const kept = Object.entries(answer.headers).filter(([name]) => !unimportantHeaders.has(name))
          resolve({
            status: answer.statusCode ?? 0,
            headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks).toString('utf8'),
          })
        })
      },
    )
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}

/** Sends one request to the worker at `url` and returns its answer, masked. */
export async function exchange(
  url: string,
  wanted: Pick<RestExchange, 'name' | 'request' | 'until'>,
  volatile: Volatile,
): Promise<RestResponse> {
  const { request: asked, until } = wanted
  const expanded: RestRequest = {
    ...asked,
    path: expand(asked.path, volatile),
    ...(asked.body === undefined ? {} : { body: expand(asked.body, volatile) }),
  }
  const pattern = until === undefined ? null : new RegExp(until, 's')
  let masked: RestResponse = { status: 0, headers: {}, body: '' }
  const isAnswered = async (): Promise<boolean> => {
    const answer = await sendOnce(url, expanded)
    masked = {
      status: answer.status,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, mask(value, volatile)])),
      body: mask(answer.body, volatile),
    }
    return pattern === null || pattern.test(masked.body)
  }
  await waitUntil(isAnswered, () => `"${wanted.name}" to be answered with ${until}, last: ${masked.body}`)
  return masked
}
