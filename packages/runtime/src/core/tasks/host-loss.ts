import type { HostLossVerdict } from './task-lifecycle.ts'

/** Why a host is gone, or has to go. */
export type HostLoss =
  | { readonly type: 'exited'; readonly code: number | null; readonly signal: string | null }
  | { readonly type: 'unresponsive'; readonly forMs: number }
  | { readonly type: 'over-memory'; readonly usedBytes: number; readonly limitBytes: number }

/** A task or connector that lived on the host. */
export interface HostOccupant {
  readonly id: string
  /** Hosts that it has lost in a row before this one. */
  readonly losses: number
  /** The plugin call that the host last reported for it and that had not come back, for example `poll()`. */
  readonly openCall: string | null
}

export interface HostLossFacts {
  readonly loss: HostLoss
  /** Whose code the host was in when it stopped: read from the mark that it sets around each plugin call. */
  readonly mark: { readonly id: string; readonly call: string } | null
  readonly occupants: readonly HostOccupant[]
}

/** Signals that come from outside: an operator, the kernel out of memory, a machine that shuts down. */
const outsideSignals: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])

/** A task that lost this many hosts in a row gets one of its own; alone on it, the next loss is its own doing. */
const isolateAfter = 2
const failAfter = 5

/**
 * Who fails and who starts again when a host is lost. With one suspect, that one fails and is told why; its
 * neighbours start again. With several, each suspect gets a host of its own: whoever does it again, does it alone.
 * A host that was killed from outside blames nobody, until it happens to a task over and over.
 */
export function planAfterHostLoss(facts: HostLossFacts): ReadonlyMap<string, HostLossVerdict> {
  const { loss, occupants } = facts
  const isFromOutside = loss.type === 'exited' && loss.signal !== null && outsideSignals.has(loss.signal)
  const suspects = isFromOutside ? [] : suspectsOf(facts)
  const culprit = suspects.length === 1 ? suspects[0] : undefined
  return new Map(
    occupants.map((occupant) => {
      if (occupant.id === culprit) return [occupant.id, fail(facts, occupant)]
      if (isFromOutside && occupants.length === 1 && occupant.losses + 1 >= failAfter) {
        return [occupant.id, fail(facts, occupant)]
      }
      const isIsolated = suspects.includes(occupant.id) || (isFromOutside && occupant.losses + 1 >= isolateAfter)
      return [occupant.id, { type: 'restart', isIsolated }]
    }),
  )
}

function suspectsOf({ loss, mark, occupants }: HostLossFacts): readonly string[] {
  const all = occupants.map((occupant) => occupant.id)
  // Who filled the memory cannot be seen from outside.
  if (loss.type === 'over-memory') return all
  // A mark that names nobody here is of a visitor, whose own call fails: a validation, say.
  if (mark) return all.filter((id) => id === mark.id)
  if (all.length === 1) return all
  const inCall = occupants.filter((occupant) => occupant.openCall !== null).map((occupant) => occupant.id)
  return inCall.length > 0 ? inCall : all
}

function fail({ loss, mark }: HostLossFacts, occupant: HostOccupant): HostLossVerdict {
  const call = mark?.id === occupant.id ? mark.call : occupant.openCall
  const where = call ? ` in ${call}` : ''
  return { type: 'fail', trace: `Running ${occupant.id}${where}: ${describeLoss(loss, occupant.losses)}` }
}

function describeLoss(loss: HostLoss, losses: number): string {
  switch (loss.type) {
    case 'unresponsive':
      return `its host process did not answer for ${loss.forMs} ms and was ended; code that blocks the event loop stops everything that shares the host.`
    case 'over-memory':
      return `its host process held ${mib(loss.usedBytes)} MiB of memory, more than the limit of ${mib(loss.limitBytes)} MiB, and was ended.`
    case 'exited': {
      const how = loss.signal === null ? `exited with code ${loss.code ?? 'unknown'}` : `was ended by ${loss.signal}`
      const often = losses > 0 ? `, for the ${losses + 1}. time in a row` : ''
      return `its host process ${how}${often}.`
    }
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
