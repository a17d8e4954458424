// Memory of a process and everything that it started.
import { readFileSync, readdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const SETTLED_SAMPLES = 5
const SETTLED_SPREAD = 0.02
const SETTLING_LIMIT = 40

/** The process and its descendants, from /proc. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    try {
      // The command, in brackets, may hold blanks and brackets; the parent is the second field behind it.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      children.set(parent, [...(children.get(parent) ?? []), pid])
    } catch {
      // It ended while we looked.
    }
  }
  const tree = [root]
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? -1) ?? []))
  return tree
}

function kib(file: string, key: string): number | null {
  try {
    const found = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))
    return found ? Number(found[1]) : null
  } catch {
    return null
  }
}

/**
 * MiB of all processes of the tree. Proportional set size (PSS), in which a page shared by several processes counts
 * once in all; resident set size where the system does not tell it.
 */
export function treeMemoryMb(root: number): number {
  const total = processTree(root).reduce(
    (sum, pid) => sum + (kib(`/proc/${pid}/smaps_rollup`, 'Pss') ?? kib(`/proc/${pid}/status`, 'VmRSS') ?? 0),
    0,
  )
  return total / 1024
}

/** The memory once it has stopped moving: five looks, a second apart, within two per cent of one another. */
export async function settledMemoryMb(root: number): Promise<number> {
  const samples: number[] = []
  for (let look = 0; look < SETTLING_LIMIT; look += 1) {
    samples.push(treeMemoryMb(root))
    const last = samples.slice(-SETTLED_SAMPLES)
    const isSettled = last.length === SETTLED_SAMPLES && Math.max(...last) <= Math.min(...last) * (1 + SETTLED_SPREAD)
    if (isSettled) break
    await pause(1000)
  }
  return samples.at(-1) ?? 0
}
