// What is decided about a request before its handler is chosen, as Connect's HTTP server decides it (connect-surface
// §1.1). Pure: headers and URL in, a refusal or null out.

/** A refusal that carries the HTTP server's own HTML page, or none, instead of Connect's JSON. */
export interface UrlRefusal {
  readonly status: 400 | 414
  readonly reason: string
}

const maxUrlBytes = 8192
/** The media type of every body, of requests and of answers. */
export const jsonType = 'application/json'

function decodes(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

const ambiguities: readonly { readonly found: RegExp; readonly what: string }[] = [
  { found: /\/\//, what: 'empty segment' },
  { found: /%2f|%5c/i, what: 'path separator' },
  { found: /%25/, what: 'path encoding' },
]

/**
 * Paths that the server refuses as ambiguous: an escaped slash, backslash, percent sign or dot segment, an empty
 * segment, a control character, an escape that is not UTF-8. `url`: as it stands in the request line.
 */
export function refuseUrl(url: string): UrlRefusal | null {
  if (Buffer.byteLength(url) > maxUrlBytes) return { status: 414, reason: 'URI Too Long' }
  const path = url.split('?', 1)[0] ?? ''
  const ambiguous = ambiguities.find(({ found }) => found.test(path))
  if (ambiguous) return { status: 400, reason: `Ambiguous URI ${ambiguous.what}` }
  if (/\/(?:\.|%2e){1,2}(?:\/|;|$)/i.test(path) && /%2e/i.test(path)) {
    return { status: 400, reason: 'Ambiguous URI path segment' }
  }
  if (/%(?:[01][0-9a-f]|7f)/i.test(path) || !decodes(path)) return { status: 400, reason: 'Bad Request' }
  return null
}

/** `/connectors;v=1/x` → `/connectors/x`: matrix parameters mean nothing to Connect. One final slash is accepted. */
export function plainPath(url: string): string {
  const [path = '', ...query] = url.split('?')
  const plain = path.replace(/;[^/]*/g, '').replace(/(.)\/$/, '$1')
  return query.length === 0 ? plain : `${plain}?${query.join('?')}`
}

/** `application/json` out of `application/json; charset=utf-8`; null where there is no type in the text. */
function mediaType(header: string): string | null {
  const match = /^\s*([\w!#$&^.+*-]+\/[\w!#$&^.+*-]+)\s*(?:;.*)?$/.exec(header)
  return match?.[1]?.toLowerCase() ?? null
}

/**
 * Whether the request's Content-Type keeps it from being handled: 415 for anything but JSON, also without a body, and
 * for a body without a type; 400 for what is no media type at all.
 */
export function refuseContentType(header: string | undefined, hasBody: boolean): 400 | 415 | null {
  if (header === undefined || header === '') return hasBody ? 415 : null
  const type = mediaType(header)
  if (type === null) return 400
  return type === jsonType || type === 'application/*' || type === '*/*' ? null : 415
}

/** The content type of the answer for an Accept header, or null where JSON is not acceptable (406). */
export function acceptedType(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '') return jsonType
  for (const range of header.split(',')) {
    const type = mediaType(range)
    if (type === jsonType) {
      // A charset that the client names comes back; a quality does not.
      const parameters = range
        .split(';')
        .slice(1)
        .filter((parameter) => !/^\s*q\s*=/i.test(parameter))
      return [jsonType, ...parameters.map((parameter) => parameter.trim())].join(';')
    }
    if (type === 'application/*' || type === '*/*') return jsonType
  }
  return null
}

// The order in which Connect names methods: that of a Java set.
const methodOrder = ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH']

/** What OPTIONS answers for a path with these methods. */
export function allowedMethods(declared: readonly string[]): readonly string[] {
  const allowed = new Set([...declared, ...(declared.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])
  return methodOrder.filter((method) => allowed.has(method))
}
