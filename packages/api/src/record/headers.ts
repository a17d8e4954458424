import type { Schema } from '../data/schema.ts'
import { validateValue } from '../data/validate-value.ts'
import type { Value } from '../data/value.ts'

/** One header: a key may occur more than once. */
export interface Header {
  readonly key: string
  readonly schema: Schema | null
  readonly value: Value
}

/** The headers of a record, in order, repeats kept. Never changed: every change gives a new list. */
export type Headers = readonly Header[]

/** No headers; shared by all records that have none. */
export const noHeaders: Headers = Object.freeze([])

/** A header, its value checked against its schema. */
export function header(key: string, schema: Schema | null, value: Value): Header {
  return { key, schema, value: validateValue(schema, value) }
}

/** The headers with one more at the end. */
export function addHeader(headers: Headers, added: Header): Headers {
  return [...headers, added]
}

/** The last header of this key; null when there is none. */
export function lastHeader(headers: Headers, key: string): Header | null {
  return headers.findLast((candidate) => candidate.key === key) ?? null
}

/** All headers of this key, in order. */
export function allHeaders(headers: Headers, key: string): Headers {
  return headers.filter((candidate) => candidate.key === key)
}

/** The headers without those of this key; the same list when there are none. */
export function removeHeaders(headers: Headers, key: string): Headers {
  return headers.some((candidate) => candidate.key === key)
    ? headers.filter((candidate) => candidate.key !== key)
    : headers
}
