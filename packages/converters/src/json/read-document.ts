import { DataError } from '@sluice/api'
import { decodeJson } from './decode-json.ts'
import type { JsonNode } from './json-node.ts'
import { exactNumbers, type NumberReader, parseJson, parseWholeJson } from './parse-json.ts'
import { isPlainJson, type NumberCare } from './scan-numbers.ts'

/**
 * Part of a document by `JSON.parse`, or undefined when that would lose something, or refuses: the exact parser then
 * decides. Bytes that are not UTF-8 would come out as U+FFFD, so text with one goes the exact way as well.
 */
export function readQuickly(bytes: Buffer, start: number, end: number, care: NumberCare): JsonNode {
  if (!isPlainJson(bytes, start, end, care)) return undefined
  const text = bytes.toString('utf8', start, end)
  if (text.includes('\uFFFD')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * The same part by the exact parser, whatever its numbers; undefined when it is not exactly one value. The whole
 * document is then to be read, which knows why.
 */
export function readPartExactly(bytes: Buffer, start: number, end: number): JsonNode {
  const text = bytes.toString('utf8', start, end)
  if (text.includes('\uFFFD')) return undefined
  try {
    return parseWholeJson(text, exactNumbers)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/** The whole document by the exact parser; undefined when there is only white space. A DataError when it is not JSON. */
export function readExactly(bytes: Buffer, numbers: NumberReader): JsonNode {
  try {
    return parseJson(decodeJson(bytes), numbers)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new DataError('Converting byte[] to Kafka Connect data failed due to serialization error: ', { cause })
  }
}
