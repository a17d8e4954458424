import type { Logger } from '@sluice/api'
import type { ClientSettings } from '../client-settings.ts'
import { backoffMs } from '../connection/backoff.ts'
import { ConnectionPool } from '../connection/connection-pool.ts'
import { delay } from '../connection/delay.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { GroupGeneration, GroupLease, GroupMemberOptions, GroupMemberPort, JoinedGroup } from '../ports.ts'
import { Coordinator } from './coordinator.ts'
import { Heartbeats } from './heartbeats.ts'
import { joinOnce } from './join-round.ts'
import { leaveGroup } from './leave-group.ts'
import { groupLog, resolveMemberOptions } from './membership.ts'
import type { MemberSettings } from './membership.ts'

/** What the member is to do next, noted by whoever wants it and taken up by the one loop. */
interface Wishes {
  rejoin: string | null
  lost: { readonly reason: KafkaError; readonly generation: GroupGeneration } | null
  leave: string | null
  /** Stay out of the group until `resume`. */
  isSuspended: boolean
}

const mostPromptRepeats = 3
/** From so many failures in a row on an outage is worth a line in the log. */
const noticedFailures = 5

/**
 * A member of a group. One loop runs the handlers, one after the other; heartbeats, requests and `leave` only tell it
 * what is wanted.
 */
export class GroupMember implements GroupMemberPort {
  readonly ended: Promise<KafkaError | null>
  readonly #settings: MemberSettings
  readonly #client: ClientSettings
  readonly #log: Logger
  readonly #pool: ConnectionPool
  readonly #coordinator: Coordinator
  readonly #heartbeats: Heartbeats
  readonly #closing = new AbortController()
  readonly #wishes: Wishes = { rejoin: 'joining', lost: null, leave: null, isSuspended: false }
  #memberId = ''
  #generation: GroupGeneration | null = null
  #isJoining = false
  #joined: Promise<void> | null = null
  #firstJoin: { resolve(): void; reject(error: KafkaError): void } | null = null
  #wake: (() => void) | null = null
  readonly #end: (error: KafkaError | null) => void

  constructor(client: ClientSettings, metadata: Metadata, options: GroupMemberOptions) {
    const settings = resolveMemberOptions(options)
    this.#settings = settings
    this.#client = client
    this.#log = groupLog(client.log, settings.groupId)
    this.#pool = new ConnectionPool(client.connection, client.reconnect)
    const signal = this.#closing.signal
    this.#coordinator = new Coordinator(settings.groupId, { metadata, pool: this.#pool, settings: client, signal })
    this.#heartbeats = new Heartbeats({
      coordinator: this.#coordinator,
      intervalMs: settings.heartbeatIntervalMs,
      sessionTimeoutMs: settings.sessionTimeoutMs,
      backoff: client.retry,
      onRebalance: () => {
        // While joining, every heartbeat of the old generation is answered so.
        if (!this.#isJoining) this.requestRejoin('group is already rebalancing')
      },
      onRefused: (error) => this.#refused(error),
    })
    let end: (error: KafkaError | null) => void = () => {}
    this.ended = new Promise((resolve) => {
      end = resolve
    })
    this.#end = end
  }

  start(): Promise<void> {
    if (this.#joined !== null) return this.#joined
    const joined = new Promise<void>((resolve, reject) => {
      this.#firstJoin = { resolve, reject }
    })
    // Who does not wait for the first join learns of the end from `ended`.
    joined.catch(() => {})
    this.#joined = joined
    void this.#loop()
    return joined
  }

  requestRejoin(reason: string): void {
    this.#wishes.rejoin ??= reason
    this.#wake?.()
  }

  generation(): GroupGeneration | null {
    return this.#generation
  }

  lease(): GroupLease | null {
    return this.#generation === null ? null : this.#heartbeats.lease()
  }

  async leave(reason: string): Promise<void> {
    this.#wishes.leave ??= reason
    if (this.#joined === null) this.#finish(null)
    this.#wake?.()
    await this.ended
  }

  /** Between asking to join and having joined: the member waits for the others. */
  get isJoining(): boolean {
    return this.#isJoining
  }

  /** Leaves at once, even while a handler runs, and stays out until `resume`. */
  suspend(reason: KafkaError): void {
    if (this.#wishes.isSuspended || this.#wishes.leave !== null) return
    this.#wishes.isSuspended = true
    const memberId = this.#memberId
    this.#lose(reason)
    this.#memberId = ''
    void leaveGroup(this.#coordinator, { memberId, groupInstanceId: null, reason: reason.message, log: this.#log })
  }

  /** Joins again after `suspend`. */
  resume(): void {
    if (!this.#wishes.isSuspended) return
    this.#wishes.isSuspended = false
    this.#wake?.()
  }

  /** Ends without a word to the coordinator. */
  close(): void {
    this.#wishes.leave ??= 'client is closed'
    this.#generation = null
    this.#finish(null)
    this.#wake?.()
  }

  /** Never rejects. */
  async #loop(): Promise<void> {
    let failure: KafkaError | null = null
    try {
      while (this.#wishes.leave === null) await this.#step()
      if (this.#generation !== null) await this.#settings.onPrepare(this.#generation)
    } catch (error) {
      failure = asKafkaError(error, this.#settings.groupId)
      this.#log.error('Membership ended', { error: failure.message })
    }
    this.#generation = null
    this.#heartbeats.stop()
    await leaveGroup(this.#coordinator, {
      memberId: this.#closing.signal.aborted ? '' : this.#memberId,
      groupInstanceId: this.#settings.groupInstanceId,
      reason: this.#wishes.leave ?? failure?.message ?? '',
      log: this.#log,
    })
    this.#finish(failure)
  }

  async #step(): Promise<void> {
    const { lost } = this.#wishes
    if (lost !== null) {
      this.#wishes.lost = null
      await this.#settings.onLost(lost.reason, lost.generation)
    } else if (this.#wishes.isSuspended || this.#wishes.rejoin === null) {
      await this.#somethingWanted()
    } else {
      await this.#join(this.#wishes.rejoin)
    }
  }

  async #join(reason: string): Promise<void> {
    await this.#settings.onPrepare(this.#generation)
    this.#isJoining = true
    const joined = await this.#joinUntilDone(reason).finally(() => {
      this.#isJoining = false
    })
    if (joined === null) return
    this.#generation = joined.generation
    await this.#settings.onJoined(joined)
    this.#firstJoin?.resolve()
  }

  /** Null: something else is wanted first. */
  async #joinUntilDone(reason: string): Promise<JoinedGroup | null> {
    for (let failures = 0, repeats = 0; ;) {
      if (this.#isInterrupted()) {
        this.#wishes.rejoin ??= reason
        return null
      }
      // What is asked for from here on concerns the round after this one.
      this.#wishes.rejoin = null
      try {
        const result = await this.#interruptible(this.#joinOnce(reason))
        if (result === null) continue
        if (result.kind === 'joined') return result.joined
        this.#memberId = result.memberId
        if (result.isLost) this.#lose(result.error)
        // Told to try again is the usual way; again and again is not, and must not become a storm.
        if (++repeats > mostPromptRepeats) await this.#pause(repeats)
      } catch (error) {
        if (!(error instanceof KafkaError) || !error.retriable) throw error
        failures++
        const level = failures === noticedFailures ? 'warn' : 'debug'
        this.#log[level]('The group cannot be joined now; trying again', { error: error.message })
        await this.#pause(failures)
      }
      this.#wishes.rejoin ??= reason
    }
  }

  async #pause(failures: number): Promise<void> {
    await this.#interruptible(delay(backoffMs(failures, this.#client.retry), this.#closing.signal))
  }

  #joinOnce(reason: string): ReturnType<typeof joinOnce> {
    return joinOnce(this.#memberId, reason, {
      coordinator: this.#coordinator,
      settings: this.#settings,
      log: this.#log,
      onGeneration: (generation, sentAtMs) => {
        this.#memberId = generation.memberId
        this.#heartbeats.start(generation, sentAtMs)
      },
    })
  }

  #isInterrupted(): boolean {
    return this.#wishes.leave !== null || this.#wishes.isSuspended || this.#wishes.lost !== null
  }

  /** Waits for the work unless the member is to leave; work that is left alone ends with its connection. */
  async #interruptible<T>(work: Promise<T>): Promise<T | null> {
    work.catch(() => {})
    while (!this.#isInterrupted()) {
      const woken = this.#somethingWanted()
      const result = await Promise.race([work.then((value) => ({ value })), woken])
      if (result !== undefined) return result.value
    }
    return null
  }

  /** Resolves when someone notes a wish. */
  #somethingWanted(): Promise<undefined> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null
        resolve(undefined)
      }
    })
  }

  #refused(error: KafkaError): void {
    // The coordinator has gone on to the generation that is being joined: the answer to that decides.
    if (this.#isJoining) return
    if (error.errorName === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
    this.#lose(error)
    this.requestRejoin(error.errorName)
  }

  #lose(reason: KafkaError): void {
    const generation = this.#generation
    this.#generation = null
    this.#heartbeats.stop()
    if (generation !== null) this.#wishes.lost = { reason, generation }
    this.#wishes.rejoin ??= reason.errorName
    this.#wake?.()
  }

  #finish(error: KafkaError | null): void {
    this.#closing.abort()
    this.#heartbeats.stop()
    this.#pool.close()
    const { groupId } = this.#settings
    this.#firstJoin?.reject(error ?? new KafkaError('UNKNOWN_MEMBER_ID', `Left group ${groupId} before joining it`))
    this.#end(error)
  }
}

function asKafkaError(error: unknown, groupId: string): KafkaError {
  if (error instanceof KafkaError) return error
  const text = error instanceof Error ? error.message : String(error)
  return new KafkaError('UNKNOWN_SERVER_ERROR', `A handler of the member of group ${groupId} threw: ${text}`, {
    cause: error,
  })
}
