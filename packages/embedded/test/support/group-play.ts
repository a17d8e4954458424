import { errorCode } from '@sluice/kafka/protocol'
import { expireGroup } from '../../src/groups/expire-group.ts'
import {
  createGroup,
  type Group,
  type GroupTimings,
  type JoinResult,
  type Step,
  type SyncResult,
} from '../../src/groups/group.ts'
import { checkCommit, heartbeat } from '../../src/groups/heartbeat.ts'
import { joinGroup } from '../../src/groups/join-group.ts'
import { leaveGroup } from '../../src/groups/leave-group.ts'
import { syncGroup } from '../../src/groups/sync-group.ts'

/** What a member of the play asks for; the rest has defaults. */
export interface JoinWish {
  readonly memberId: string
  readonly instanceId?: string
  readonly sessionTimeoutMs?: number
  readonly rebalanceTimeoutMs?: number
  readonly protocolType?: string
  readonly protocols?: readonly string[]
  readonly metadata?: string
  readonly requiresKnownMemberId?: boolean
}

const timings: GroupTimings = {
  initialRebalanceDelayMs: 50,
  minSessionTimeoutMs: 6_000,
  maxSessionTimeoutMs: 1_800_000,
}

/** A group on a stage: members act by name, time passes when it is told to, every answer is kept by its ticket. */
export class GroupPlay {
  readonly group: Group = createGroup('g', 0)
  readonly answers = new Map<number, JoinResult | SyncResult>()
  readonly waiting = new Set<number>()
  /** Answers to tickets that had been answered already, or were never handed out. */
  readonly unasked: number[] = []
  now = 0
  stores = 0
  #lastTicket = 0
  #newIds = 0

  /** One step, with its answers. */
  run(act: (step: Step) => void): void {
    const step: Step = { now: this.now, timings, actions: [] }
    act(step)
    for (const action of step.actions) {
      if (action.type === 'store') {
        this.stores += 1
        continue
      }
      if (!this.waiting.delete(action.ticket)) this.unasked.push(action.ticket)
      this.answers.set(action.ticket, action.result)
    }
  }

  /** A JoinGroup; returns its ticket. */
  request(wish: JoinWish): number {
    const ticket = this.#ticket()
    if (wish.memberId === '') this.#newIds += 1
    this.run((step) =>
      joinGroup(
        this.group,
        {
          ticket,
          memberId: wish.memberId,
          newMemberId: `new-${this.#newIds}`,
          instanceId: wish.instanceId ?? null,
          clientId: 'client',
          clientHost: '/127.0.0.1',
          sessionTimeoutMs: wish.sessionTimeoutMs ?? 10_000,
          rebalanceTimeoutMs: wish.rebalanceTimeoutMs ?? 30_000,
          protocolType: wish.protocolType ?? 'consumer',
          protocols: (wish.protocols ?? ['range']).map((name) => ({
            name,
            metadata: Buffer.from(wish.metadata ?? `${name} of ${wish.instanceId ?? wish.memberId}`),
          })),
          requiresKnownMemberId: wish.requiresKnownMemberId ?? true,
          supportsSkippingAssignment: true,
        },
        step,
      ),
    )
    return ticket
  }

  /** The member joins, under its own name as id; a newcomer is let in as one that has fetched its id. */
  join(name: string, wish: Omit<JoinWish, 'memberId'> = {}): number {
    if (!this.group.members.has(name)) this.group.pendingMembers.set(name, this.now + 10_000)
    return this.request({ ...wish, memberId: name })
  }

  /** A SyncGroup; the leader's carries the assignments. */
  sync(name: string, assignments: Record<string, string> = {}, generation: number = this.group.generation): number {
    const ticket = this.#ticket()
    this.run((step) =>
      syncGroup(
        this.group,
        {
          ticket,
          memberId: name,
          generation,
          instanceId: null,
          protocolType: null,
          protocolName: null,
          assignments: Object.entries(assignments).map(([memberId, text]) => ({
            memberId,
            assignment: Buffer.from(text),
          })),
        },
        step,
      ),
    )
    return ticket
  }

  /** Every member fetches its assignment. */
  syncAll(): void {
    for (const name of this.group.members.keys()) this.sync(name)
  }

  heartbeat(name: string, instanceId: string | null = null): number {
    return heartbeat(this.group, { memberId: name, generation: this.group.generation, instanceId }, this.now)
  }

  commit(name: string, generation: number): number {
    return checkCommit(this.group, { memberId: name, generation, instanceId: null }, this.now)
  }

  leave(name: string, instanceId: string | null = null): number {
    let code = -1
    this.run((step) => {
      code = leaveGroup(this.group, { memberId: name, instanceId }, step)
    })
    return code
  }

  /** Time passes in small steps; those who are named show that they live. */
  advance(ms: number, alive: readonly string[] = []): void {
    const until = this.now + ms
    while (this.now < until) {
      this.now = Math.min(this.now + Math.min(1_000, Math.max(ms / 4, 1)), until)
      for (const name of alive) this.heartbeat(name)
      this.run((step) => expireGroup(this.group, step))
    }
  }

  joinResult(ticket: number): JoinResult | undefined {
    return this.answers.get(ticket) as JoinResult | undefined
  }

  syncResult(ticket: number): SyncResult | undefined {
    return this.answers.get(ticket) as SyncResult | undefined
  }

  /** The assignment as text, once it has come without an error. */
  assignmentOf(ticket: number): string | undefined {
    const result = this.syncResult(ticket)
    return result?.errorCode === errorCode.NONE ? Buffer.from(result.assignment).toString() : undefined
  }

  #ticket(): number {
    this.#lastTicket += 1
    this.waiting.add(this.#lastTicket)
    return this.#lastTicket
  }
}
