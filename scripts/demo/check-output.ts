// Compares what arrived with the source: every line once, in order.
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { DataSet } from './data-sets.ts'

interface Arrived {
  readonly line?: unknown
  readonly set?: unknown
}

function parsed(text: string): Arrived | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

/**
 * Reads the output and resolves with null when it holds each line of each set exactly once, the lines of a set in
 * their order; otherwise with a sentence that names the first difference. Sets may be interleaved: order holds within
 * a topic.
 */
export async function findDifference(output: string, sets: readonly DataSet[]): Promise<string | null> {
  const expected = new Map(sets.map((set) => [set.name, { lines: set.lines, next: 0 }]))
  let number = 0
  for await (const text of createInterface({ input: createReadStream(output), crlfDelay: Infinity })) {
    number += 1
    const arrived = parsed(text)
    const set = expected.get(String(arrived?.set))
    if (!arrived || !set) return `line ${number} of ${output} is none of ours`
    if (arrived.line !== set.lines[set.next]) {
      const name = String(arrived.set)
      return `line ${number} of ${output} should be line ${set.next + 1} of ${name}, and is ${describe(arrived.line, set.lines)}`
    }
    set.next += 1
  }
  for (const [name, { lines, next }] of expected) {
    if (next < lines.length) return `${lines.length - next} lines of ${name} are missing, from line ${next + 1} on`
  }
  return null
}

function describe(line: unknown, lines: readonly string[]): string {
  const found = lines.indexOf(String(line))
  return found === -1 ? 'no line of the source' : `line ${found + 1}`
}
