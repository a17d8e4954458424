// A process and everything that it started, from /proc.
import { readFileSync, readdirSync } from 'node:fs'

/** Clock ticks a second in /proc, which Linux has fixed at 100 for programs. */
const TICKS = 100
/** Places in /proc/PID/stat behind the command: the parent, the user's and the system's time. */
const PARENT = 1
const USER_TIME = 11
const SYSTEM_TIME = 12

/** The fields behind the command, which stands in brackets and may hold blanks and brackets itself. */
function statFields(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    // It ended while we looked.
    return null
  }
}

/** The process ids of a process and its descendants, itself first. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry)
    const fields = Number.isInteger(pid) ? statFields(pid) : null
    if (!fields) continue
    const parent = Number(fields[PARENT])
    children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const tree = [root]
  for (let index = 0; index < tree.length; index += 1) tree.push(...(children.get(tree[index] ?? -1) ?? []))
  return tree
}

/** Processor time that the tree has used so far. */
export function treeCpuSeconds(root: number): number {
  const ticks = processTree(root).map((pid) => {
    const fields = statFields(pid)
    return Number(fields?.[USER_TIME] ?? 0) + Number(fields?.[SYSTEM_TIME] ?? 0)
  })
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS
}
