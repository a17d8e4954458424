// One classic consumer group, as data.
//
// The functions beside this file (join-group.ts, sync-group.ts, rebalance.ts, …) take a group, a request and the time,
// change the group and return what is to be done: requests to answer, state to store. They do no I/O and read no clock,
// so every sequence of joins, deaths and time-outs can be played in a test.
//
//   Empty ──join──▶ PreparingRebalance ──all joined, or time is up──▶ CompletingRebalance ──leader synced──▶ Stable
//     ▲                  │    ▲                                              │                                │
//     └───nobody left────┘    └───────────── join, leave, death ─────────────┴────────────────────────────────┘
//
// A JoinGroup or SyncGroup that has to wait is known by its ticket, a number of the caller's; the answer names it.

/** The states of a group, spelled as DescribeGroups shows them. */
export type GroupStateName = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** One protocol (assignor) that a member offers, with the bytes that the leader will see. */
export interface MemberProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** One member. `joinTicket` and `syncTicket` are its requests that wait for an answer. */
export interface Member {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number
  protocols: readonly MemberProtocol[]
  assignment: Uint8Array
  joinTicket: number | null
  syncTicket: number | null
  /** Whether it has asked for its assignment in this generation. */
  hasSynced: boolean
  /** Whether it has not yet been part of any generation. */
  isNew: boolean
  sessionDeadline: number
}

/** The first rebalance of an empty group waits for company: each newcomer extends it, up to the rebalance timeout. */
export interface InitialJoin {
  remainingMs: number
  newMemberAdded: boolean
}

/** A group and everything that its coordinator remembers of it, except committed offsets. */
export interface Group {
  readonly groupId: string
  state: GroupStateName
  generation: number
  protocolType: string | null
  protocolName: string | null
  leaderId: string | null
  readonly members: Map<string, Member>
  /** Member id by `group.instance.id`. */
  readonly staticMembers: Map<string, string>
  /** Ids handed out with MEMBER_ID_REQUIRED and not used yet, with the time at which they lapse. */
  readonly pendingMembers: Map<string, number>
  initialJoin: InitialJoin | null
  /** When the rebalance ends whoever has joined by then; only in PreparingRebalance. */
  joinDeadline: number | null
  /** When members that have not asked for their assignment are dropped; only after a rebalance. */
  syncDeadline: number | null
  emptySince: number
}

/** What the machine may be told about time-outs; Kafka's own names of the settings stand in `defaultGroupTimings`. */
export interface GroupTimings {
  readonly initialRebalanceDelayMs: number
  readonly minSessionTimeoutMs: number
  readonly maxSessionTimeoutMs: number
}

/** Kafka's defaults, except that the first rebalance waits 50 ms where Kafka waits 3 s: nobody watches a demo wait. */
export const defaultGroupTimings: GroupTimings = {
  initialRebalanceDelayMs: 50, // group.initial.rebalance.delay.ms
  minSessionTimeoutMs: 6_000, // group.min.session.timeout.ms
  maxSessionTimeoutMs: 1_800_000, // group.max.session.timeout.ms
}

/** The answer to a JoinGroup. `members` is filled for the leader only. */
export interface JoinResult {
  readonly errorCode: number
  readonly memberId: string
  readonly generation: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leaderId: string
  readonly skipAssignment: boolean
  readonly members: readonly {
    readonly memberId: string
    readonly instanceId: string | null
    readonly metadata: Uint8Array
  }[]
}

/** The answer to a SyncGroup. */
export interface SyncResult {
  readonly errorCode: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Uint8Array
}

/** What a step wants done, in this order: `store` comes before the answers that depend on it. */
export type GroupAction =
  | { readonly type: 'store' }
  | { readonly type: 'answer-join'; readonly ticket: number; readonly result: JoinResult }
  | { readonly type: 'answer-sync'; readonly ticket: number; readonly result: SyncResult }

/** One step of the machine: when it happens, by which rules, and what it has asked for so far. */
export interface Step {
  readonly now: number
  readonly timings: GroupTimings
  readonly actions: GroupAction[]
}

/** The empty assignment. */
export const noBytes: Uint8Array = new Uint8Array(0)

/** How long a member that joins for the first time may wait for the rebalance: its session has not begun. */
export const newMemberJoinTimeoutMs = 300_000

/** An empty group of this name. */
export function createGroup(groupId: string, now: number): Group {
  return {
    groupId,
    state: 'Empty',
    generation: 0,
    protocolType: null,
    protocolName: null,
    leaderId: null,
    members: new Map(),
    staticMembers: new Map(),
    pendingMembers: new Map(),
    initialJoin: null,
    joinDeadline: null,
    syncDeadline: null,
    emptySince: now,
  }
}

/** The metadata that the member offered for the protocol; empty where it does not know it. */
export function metadataFor(member: Member, protocolName: string | null): Uint8Array {
  return member.protocols.find((p) => p.name === protocolName)?.metadata ?? noBytes
}

/** The longest rebalance timeout among the members: so long may a rebalance take. */
export function rebalanceTimeout(group: Group): number {
  let longest = 0
  for (const member of group.members.values()) longest = Math.max(longest, member.rebalanceTimeoutMs)
  return longest
}

/** Whether both offer the same protocols, in the same order, with the same bytes. */
export function sameProtocols(a: readonly MemberProtocol[], b: readonly MemberProtocol[]): boolean {
  return (
    a.length === b.length &&
    a.every((p, i) => p.name === b[i]?.name && sameBytes(p.metadata, b[i]?.metadata ?? noBytes))
  )
}

/** Byte equality. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

/** Whether a member of this type, offering these protocols, could be in the group with those that are. */
export function supportsProtocols(group: Group, protocolType: string, protocols: readonly MemberProtocol[]): boolean {
  if (protocolType === '' || protocols.length === 0) return false
  if (group.state === 'Empty') return true
  if (group.protocolType !== protocolType) return false
  const common = commonProtocols(group)
  return protocols.some((p) => common.has(p.name))
}

/** The names that every member offers. */
export function commonProtocols(group: Group): Set<string> {
  const votes = new Map<string, number>()
  for (const member of group.members.values())
    for (const protocol of member.protocols) votes.set(protocol.name, (votes.get(protocol.name) ?? 0) + 1)
  return new Set([...votes].filter(([, n]) => n === group.members.size).map(([name]) => name))
}

/** Each member votes for the first of its protocols that all know; the most votes win, ties go to the first named. */
export function selectProtocol(group: Group): string | null {
  const common = commonProtocols(group)
  const votes = new Map<string, number>()
  for (const member of group.members.values()) {
    const choice = member.protocols.find((p) => common.has(p.name))
    if (choice !== undefined) votes.set(choice.name, (votes.get(choice.name) ?? 0) + 1)
  }
  let best: string | null = null
  for (const [name, n] of votes) if (best === null || n > (votes.get(best) ?? 0)) best = name
  return best
}

/** Starts the member's session anew: it has shown that it lives. */
export function touchSession(member: Member, now: number): void {
  member.sessionDeadline = now + member.sessionTimeoutMs
}
