// Memory of a process and everything that it started.
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { processTree } from './process-tree.ts'

const SETTLED_SAMPLES = 5
const SETTLED_SPREAD = 0.02
const SETTLING_LIMIT = 40

/** Memory of a process tree, in MiB, counted in two ways. */
export interface TreeMemory {
  /**
   * Sum of the proportional set sizes (PSS): a page that several processes of the machine share is divided among
   * them, the broker and the measuring script included.
   */
  readonly shared: number
  /** As if nothing else ran: every private page, and the most that one process shares with anybody. */
  readonly alone: number
}

/** The sizes in KiB by their names; empty where there are none. */
function sizes(file: string): ReadonlyMap<string, number> {
  try {
    const lines = readFileSync(file, 'utf8').matchAll(/^(\w+):\s+(\d+) kB/gm)
    return new Map(Array.from(lines, ([, name = '', kib = '0']) => [name, Number(kib)] as const))
  } catch {
    return new Map()
  }
}

interface ProcessMemory {
  readonly pss: number
  readonly privatePages: number
  readonly sharedPages: number
}

function processMemory(pid: number): ProcessMemory {
  const rollup = sizes(`/proc/${pid}/smaps_rollup`)
  const of = (name: string): number => rollup.get(name) ?? 0
  if (rollup.size > 0) {
    return {
      pss: of('Pss'),
      privatePages: of('Private_Clean') + of('Private_Dirty'),
      sharedPages: of('Shared_Clean') + of('Shared_Dirty'),
    }
  }
  const resident = sizes(`/proc/${pid}/status`).get('VmRSS') ?? 0
  return { pss: resident, privatePages: resident, sharedPages: 0 }
}

/** The memory of a process and its descendants; by resident set size where the system tells no more. */
export function treeMemory(root: number): TreeMemory {
  const all = processTree(root).map(processMemory)
  const sum = (size: (one: ProcessMemory) => number): number => all.reduce((total, one) => total + size(one), 0)
  const alone = sum((one) => one.privatePages) + Math.max(...all.map((one) => one.sharedPages))
  return { shared: sum((one) => one.pss) / 1024, alone: alone / 1024 }
}

/** The memory once it has stopped moving: five looks, a second apart, within two per cent of one another. */
export async function settledMemory(root: number): Promise<TreeMemory> {
  const samples: TreeMemory[] = []
  for (let look = 0; look < SETTLING_LIMIT; look += 1) {
    samples.push(treeMemory(root))
    const last = samples.slice(-SETTLED_SAMPLES).map(({ alone }) => alone)
    const isSettled = last.length === SETTLED_SAMPLES && Math.max(...last) <= Math.min(...last) * (1 + SETTLED_SPREAD)
    if (isSettled) break
    await pause(1000)
  }
  return samples.at(-1) ?? { shared: 0, alone: 0 }
}
