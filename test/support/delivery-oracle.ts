// Judges what arrived somewhere after things were killed: nothing missing, in order, and repeated only from where
// somebody was killed, and from no earlier than what was committed then.

/** What was known when something was killed. */
export interface Crash {
  /** How many arrivals there were at least: its repeats stand behind them. */
  readonly seen: number
  /** The first position that was not committed: its repeats go back no further. */
  readonly committed: number
}

/** Something that arrived. A torn one is the beginning of the item at its position, cut off. */
export interface Arrival {
  readonly position: number
  readonly isTorn: boolean
}

/** What is wrong, in words; null when nothing is. `count` positions, from 0, must have arrived. */
export function findDeliveryFault(
  arrivals: readonly Arrival[],
  count: number,
  crashes: readonly Crash[],
): string | null {
  let next = 0
  let unusedCrash = 0
  let isTorn = false
  for (const [index, arrival] of arrivals.entries()) {
    const { position } = arrival
    if (position > next) return gap(index, next, position)
    if (position < next) {
      const crash = latestCrash(crashes, unusedCrash, index)
      if (crash === -1) return `arrival ${index} is ${position} again, behind ${next - 1}, and nothing was killed there`
      const { committed } = crashes[crash] as Crash
      if (position < committed) {
        return `arrival ${index} is ${position} again, although everything before ${committed} was committed`
      }
      unusedCrash = crash + 1
    } else if (isTorn) return gap(index, next - 1, position)
    next = position + 1
    isTorn = arrival.isTorn
  }
  if (isTorn) return `the last arrival, ${next - 1}, is torn`
  return next === count ? null : `${count} were expected, but the last is ${next - 1}`
}

function gap(index: number, from: number, to: number): string {
  return `arrival ${index} is ${to}: ${from} to ${to - 1} are missing before it`
}

/** The crash that explains a repeat at this arrival: the latest one before it that has explained none yet. */
function latestCrash(crashes: readonly Crash[], from: number, index: number): number {
  return crashes.findLastIndex(({ seen }, crash) => crash >= from && seen <= index)
}

/**
 * The lines of a file as arrivals. `parse` finds the position of a whole line, or null; `textAt` is the whole line of a
 * position. A line that is not whole must be the beginning of the one that was due.
 */
export function arrivalsInFile(
  content: Buffer,
  parse: (line: string) => number | null,
  textAt: (position: number) => string | undefined,
): readonly Arrival[] {
  const arrivals: Arrival[] = []
  let due = 0
  for (const line of linesOf(content)) {
    const position = parse(line.toString('utf8'))
    if (position !== null && textAt(position) === line.toString('utf8')) {
      arrivals.push({ position, isTorn: false })
      due = position + 1
      continue
    }
    if (
      !Buffer.from(textAt(due) ?? '')
        .subarray(0, line.length)
        .equals(line)
    ) {
      throw new Error(
        `line ${arrivals.length + 1} is ${JSON.stringify(line.toString('utf8'))}, neither whole nor a part`,
      )
    }
    arrivals.push({ position: due, isTorn: true })
    due += 1
  }
  return arrivals
}

/** The lines of a file without their ends; one that has no end is a line too. */
export function linesOf(content: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(0x0a, from)
    lines.push(content.subarray(from, end === -1 ? content.length : end))
    from = end === -1 ? content.length : end + 1
  }
  return lines
}
