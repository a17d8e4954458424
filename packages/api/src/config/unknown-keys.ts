import type { ConfigSpec, Props } from './config-spec.ts'

/** A key that no spec knows, with the known key that was probably meant. */
export interface UnknownKey {
  readonly key: string
  readonly nearest: string | null
}

/** The keys of a config that the spec does not know. Suggests only known keys that are not given themselves. */
export function unknownKeys(spec: ConfigSpec, props: Props): readonly UnknownKey[] {
  const free = Object.keys(spec.fields).filter((key) => !Object.hasOwn(props, key))
  return Object.keys(props)
    .filter((key) => !Object.hasOwn(spec.fields, key) && !spec.openPrefixes.some((prefix) => key.startsWith(prefix)))
    .map((key) => ({ key, nearest: nearestKey(key, free) }))
}

/** The candidate that a person most likely meant by a text, null when none is near. */
export function nearestKey(text: string, candidates: Iterable<string>): string | null {
  let nearest: string | null = null
  // A third of the letters may be wrong: enough for a slip, too little to jump to another word.
  let best = Math.max(1, Math.floor(text.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(normal(text), normal(candidate), best)
    if (distance < best) [nearest, best] = [candidate, distance]
  }
  return nearest
}

// Another case and another separator are the commonest slips; they cost nothing.
function normal(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '.')
}

/** Letters to insert, drop, replace or swap with their neighbour; `limit` when it is that many or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (same ? 0 : 1))
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(beforeLast, j - 2) + 1)
      row.push(cost)
    }
    ;[beforeLast, last] = [last, row]
  }
  return Math.min(at(last, b.length), limit)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
