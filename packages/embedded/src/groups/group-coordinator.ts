import { errorCode } from '@sluice/kafka/protocol'
import type { BrokerLog } from '../broker-log.ts'
import type { Journal } from '../storage/journal.ts'
import type { StorageHealth } from '../storage/storage-health.ts'
import { expireGroup, nextDeadline } from './expire-group.ts'
import type { GroupLogEntry, GroupLogState, GroupOffsets, OffsetEntry } from './group-log.ts'
import { restoreGroup, snapshotGroup } from './group-snapshot.ts'
import {
  createGroup,
  type Group,
  type GroupAction,
  type GroupTimings,
  type JoinResult,
  type Step,
  type SyncResult,
} from './group.ts'
import { checkCommit, heartbeat } from './heartbeat.ts'
import { joinGroup, type JoinRequest } from './join-group.ts'
import { leaveGroup, type LeavingMember } from './leave-group.ts'
import { joinError } from './rebalance.ts'
import { syncGroup, type MemberClaim, type SyncRequest } from './sync-group.ts'

/** What the coordinator needs of its broker. */
export interface CoordinatorOptions {
  readonly timings: GroupTimings
  /** What the journal holds; it keeps this up to date. */
  readonly state: GroupLogState
  readonly journal: Journal<GroupLogEntry>
  readonly health: StorageHealth
  readonly log: BrokerLog
}

/** Groups without members and offsets are forgotten after this time. */
const emptyGroupsKeptMs = 600_000

/** Rebalance timeouts may be as long as an int32 can say; a longer timer would fire at once. */
const longestTimerMs = 0x7fff_ffff

/**
 * The edge of the group machine: keeps the groups, feeds them requests and the time, answers the requests that waited,
 * writes down what has to outlive the process.
 */
export class GroupCoordinator {
  readonly #options: CoordinatorOptions
  readonly #groups = new Map<string, Group>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #waiting = new Map<number, (result: JoinResult | SyncResult) => void>()
  #lastTicket = 0

  constructor(options: CoordinatorOptions) {
    this.#options = options
    const now = performance.now()
    const { snapshots, offsets } = options.state
    for (const groupId of new Set([...snapshots.keys(), ...offsets.keys()])) {
      const snapshot = snapshots.get(groupId)
      const group = snapshot === undefined ? createGroup(groupId, now) : restoreGroup(groupId, snapshot, now)
      this.#groups.set(groupId, group)
      this.#arm(group)
    }
  }

  /** Joins the group; the answer may take as long as a rebalance does. */
  join(groupId: string, request: Omit<JoinRequest, 'ticket'>): Promise<JoinResult> {
    if (groupId === '') return Promise.resolve(joinError(errorCode.INVALID_GROUP_ID, request.memberId))
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      if (request.memberId !== '') return Promise.resolve(joinError(errorCode.UNKNOWN_MEMBER_ID, request.memberId))
      this.#groups.set(groupId, (group = createGroup(groupId, performance.now())))
    }
    return this.#ask<JoinResult>(group, (step, ticket) => joinGroup(group, { ...request, ticket }, step))
  }

  /** Fetches the member's assignment; the answer waits for the leader's. */
  sync(groupId: string, request: Omit<SyncRequest, 'ticket'>): Promise<SyncResult> {
    const group = this.#groups.get(groupId) ?? createGroup(groupId, performance.now())
    return this.#ask<SyncResult>(group, (step, ticket) => syncGroup(group, { ...request, ticket }, step))
  }

  /** A sign of life. */
  heartbeat(groupId: string, claim: MemberClaim): number {
    const group = this.#groups.get(groupId)
    if (group === undefined) return groupId === '' ? errorCode.INVALID_GROUP_ID : errorCode.UNKNOWN_MEMBER_ID
    const code = heartbeat(group, claim, performance.now())
    this.#arm(group)
    return code
  }

  /** The members go; one error code for each. */
  leave(groupId: string, members: readonly LeavingMember[]): number[] {
    const group = this.#groups.get(groupId)
    if (group === undefined) return members.map(() => errorCode.UNKNOWN_MEMBER_ID)
    const codes: number[] = []
    this.#run(group, (step) => {
      for (const member of members) codes.push(leaveGroup(group, member, step))
    })
    return codes
  }

  /** Commits the offsets, all or none; they are kept when NONE is answered. */
  commit(groupId: string, claim: MemberClaim, offsets: readonly OffsetEntry[]): number {
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      if (claim.generation >= 0) return errorCode.ILLEGAL_GENERATION
      group = createGroup(groupId, performance.now())
    }
    const code = checkCommit(group, claim, performance.now())
    if (code !== errorCode.NONE || offsets.length === 0) return code
    // As Kafka: to a client this is a coordinator in trouble, to be asked again.
    if (!this.#write({ type: 'commit', group: groupId, offsets })) return errorCode.NOT_COORDINATOR
    this.#groups.set(groupId, group)
    this.#arm(group)
    return errorCode.NONE
  }

  /** What the group has committed. */
  offsets(groupId: string): GroupOffsets {
    return this.#options.state.offsets.get(groupId) ?? new Map()
  }

  /** Forgets committed offsets of one group; false if that could not be kept. */
  forgetOffsets(groupId: string, partitions: readonly (readonly [string, number])[]): boolean {
    return partitions.length === 0 || this.#write({ type: 'forget', group: groupId, partitions })
  }

  /** Forgets what any group has committed for the topic: it is gone. */
  topicDeleted(topic: string): void {
    for (const [group, topics] of this.#options.state.offsets) {
      const partitions = topics.get(topic)
      if (partitions === undefined) continue
      this.#write({ type: 'forget', group, partitions: [...partitions.keys()].map((p) => [topic, p] as const) })
    }
  }

  /** The group, as it is now. */
  get(groupId: string): Group | undefined {
    return this.#groups.get(groupId)
  }

  all(): Group[] {
    return [...this.#groups.values()]
  }

  /** Deletes a group that nobody is in, with its offsets. */
  delete(groupId: string): number {
    const group = this.#groups.get(groupId)
    if (group === undefined) return errorCode.GROUP_ID_NOT_FOUND
    if (group.members.size > 0 || group.pendingMembers.size > 0) return errorCode.NON_EMPTY_GROUP
    if (!this.#write({ type: 'delete', group: groupId })) return errorCode.NOT_COORDINATOR
    this.#drop(group)
    return errorCode.NONE
  }

  /** Stops all timers. Requests that wait are left without an answer: their connections end with the broker. */
  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
    this.#waiting.clear()
    this.#options.journal.close()
  }

  #ask<R extends JoinResult | SyncResult>(group: Group, act: (step: Step, ticket: number) => void): Promise<R> {
    this.#lastTicket += 1
    const ticket = this.#lastTicket
    return new Promise<R>((resolve) => {
      this.#waiting.set(ticket, (result) => resolve(result as R))
      this.#run(group, (step) => act(step, ticket))
    })
  }

  #run(group: Group, act: (step: Step) => void): void {
    const actions: GroupAction[] = []
    act({ now: performance.now(), timings: this.#options.timings, actions })
    for (const action of actions) this.#perform(group, action)
    this.#arm(group)
  }

  #perform(group: Group, action: GroupAction): void {
    if (action.type === 'store') {
      // Not kept only means that members have to join again after a restart.
      this.#write({ type: 'group', group: group.groupId, snapshot: snapshotGroup(group) })
      return
    }
    const answer = this.#waiting.get(action.ticket)
    this.#waiting.delete(action.ticket)
    answer?.(action.result)
  }

  #write(entry: GroupLogEntry): boolean {
    try {
      this.#options.journal.append(entry)
    } catch (error) {
      this.#options.health.failed(`writing down the state of group ${entry.group}`, error)
      return false
    }
    this.#options.health.succeeded()
    return true
  }

  /** One timer per group, for whatever is due next. */
  #arm(group: Group): void {
    clearTimeout(this.#timers.get(group.groupId))
    this.#timers.delete(group.groupId)
    if (this.#groups.get(group.groupId) !== group) return
    const deadline = nextDeadline(group) ?? this.#forgetAt(group)
    if (deadline === null) return
    const delayMs = Math.min(Math.max(deadline - performance.now(), 0) + 1, longestTimerMs)
    const timer = setTimeout(() => this.#due(group), delayMs)
    timer.unref()
    this.#timers.set(group.groupId, timer)
  }

  #due(group: Group): void {
    const forgetAt = this.#forgetAt(group)
    if (forgetAt !== null && forgetAt <= performance.now()) this.delete(group.groupId)
    else this.#run(group, (step) => expireGroup(group, step))
  }

  #forgetAt(group: Group): number | null {
    const isEmpty = group.state === 'Empty' && group.pendingMembers.size === 0
    return isEmpty && !this.#options.state.offsets.has(group.groupId) ? group.emptySince + emptyGroupsKeptMs : null
  }

  #drop(group: Group): void {
    group.state = 'Dead'
    this.#groups.delete(group.groupId)
    clearTimeout(this.#timers.get(group.groupId))
    this.#timers.delete(group.groupId)
  }
}
