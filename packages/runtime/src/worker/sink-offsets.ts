import { ConnectError, type Logger, type SinkTask, type TopicPartition, type TopicPartitionOffset } from '@sluice/api'
import { type ConsumerPort, type GroupGeneration, partitionKey } from '@sluice/kafka'
import {
  type Offsets,
  type SinkCommitAction,
  type SinkCommitEvent,
  type SinkCommitState,
  startSinkCommit,
  stepSinkCommit,
} from '../core/tasks/sink-commit.ts'
import type { CallSite, PluginCalls } from './plugin-calls.ts'

export interface SinkOffsetsInput {
  readonly task: SinkTask
  readonly taskLabel: string
  readonly consumer: ConsumerPort
  readonly calls: PluginCalls
  readonly log: Logger
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly now: () => number
  /** I6: asked before each commit. */
  readonly mayCommit: () => boolean
  /** Every position was set back to what is committed: what is in hand of these partitions is read again. */
  readonly onRewound: (partitions: ReadonlySet<string>) => void
  /** A commit is answered: the loop may have something to do. */
  readonly onAnswered: () => void
}

/** Performs what the commit machine says: asks the task, commits, seeks, and feeds the answers back. */
export class SinkOffsets {
  readonly #input: SinkOffsetsInput
  readonly #preCommitSite: CallSite
  readonly #partitions = new Map<string, TopicPartition>()
  #state: SinkCommitState
  #generation: GroupGeneration | null = null

  constructor(input: SinkOffsetsInput) {
    this.#input = input
    this.#preCommitSite = input.calls.site(input.taskLabel, input.task.preCommit ? 'preCommit()' : 'flush()')
    this.#state = startSinkCommit({ intervalMs: input.intervalMs, timeoutMs: input.timeoutMs }, input.now())
  }

  /** When the loop has to call `tick` again at the latest. */
  get nextAtMs(): number {
    const { underWay, nextAtMs, settings, isRequested } = this.#state
    if (underWay !== null) return underWay.startedAtMs + settings.timeoutMs
    return isRequested ? this.#input.now() : nextAtMs
  }

  assigned(partitions: readonly TopicPartition[], positions: Offsets, generation: GroupGeneration): void {
    this.#generation = generation
    for (const partition of partitions) this.#partitions.set(partitionKey(partition), partition)
    this.#feedNow({ type: 'assigned', offsets: positions })
  }

  delivered(offsets: Offsets): void {
    this.#feedNow({ type: 'delivered', offsets })
  }

  moved(offsets: Offsets): void {
    this.#feedNow({ type: 'moved', offsets })
  }

  request(): void {
    this.#feedNow({ type: 'commit-requested' })
  }

  /** Begins a commit where one is due. */
  tick(): Promise<void> {
    return this.#feed({ type: 'tick', nowMs: this.#input.now() })
  }

  /** The last commit of partitions that leave: answered, one way or the other, when this resolves. */
  closing(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#feed({ type: 'closing', partitions: partitions.map(partitionKey), nowMs: this.#input.now() })
  }

  removed(partitions: readonly TopicPartition[]): void {
    this.#feedNow({ type: 'removed', partitions: partitions.map(partitionKey) })
    for (const partition of partitions) this.#partitions.delete(partitionKey(partition))
  }

  /** For events that lead to nothing that has to be awaited. */
  #feedNow(event: SinkCommitEvent): void {
    const [state, actions] = stepSinkCommit(this.#state, event)
    this.#state = state
    for (const action of actions) this.#note(action)
  }

  async #feed(event: SinkCommitEvent): Promise<void> {
    const [state, actions] = stepSinkCommit(this.#state, event)
    this.#state = state
    for (const action of actions) {
      if (action.type === 'pre-commit') await this.#preCommit(action)
      else if (action.type === 'commit') await this.#commit(action)
      else this.#note(action)
    }
  }

  async #preCommit({ sequence, offsets }: Extract<SinkCommitAction, { type: 'pre-commit' }>): Promise<void> {
    const { task, calls, log } = this.#input
    const asked = this.#toList(offsets)
    let answer: readonly TopicPartitionOffset[]
    try {
      answer = await calls.run(this.#preCommitSite, async () => {
        if (task.preCommit) return (await task.preCommit(asked)) ?? []
        await task.flush?.(asked)
        return asked
      })
    } catch (error) {
      log.error('The sink could not make its records durable; nothing is committed.', { error })
      await this.#feed({ type: 'pre-commit-failed', sequence })
      return
    }
    const answered = new Map(answer.map((offset) => [partitionKey(offset), requireOffset(offset)]))
    await this.#feed({ type: 'pre-committed', sequence, offsets: answered })
  }

  /** A closing commit is awaited; any other is answered while the loop goes on. */
  async #commit({ sequence, offsets, isClosing }: Extract<SinkCommitAction, { type: 'commit' }>): Promise<void> {
    const sent = this.#send(offsets).then(
      () => this.#feedNow({ type: 'commit-succeeded', sequence }),
      (error: unknown) => {
        this.#input.log.warn('Committing consumer offsets failed; they are committed again later.', { error })
        this.#feedNow({ type: 'commit-failed', sequence })
      },
    )
    if (isClosing) await sent
    else void sent.then(() => this.#input.onAnswered())
  }

  #send(offsets: Offsets): Promise<void> {
    const { consumer, mayCommit } = this.#input
    if (!mayCommit() || this.#generation === null) {
      return Promise.reject(new ConnectError('Committing consumer offsets: the task no longer owns its partitions.'))
    }
    return consumer.commit(this.#toList(offsets), this.#generation)
  }

  #note(action: SinkCommitAction): void {
    const { consumer, log, onRewound } = this.#input
    switch (action.type) {
      case 'rewind':
        for (const { offset, ...partition } of this.#toList(action.offsets)) consumer.seek(partition, offset)
        onRewound(new Set(action.offsets.keys()))
        break
      case 'offset-ignored':
        log.warn('An offset that the sink wanted committed was ignored.', {
          partition: action.partition,
          offset: action.offset,
          reason: action.reason,
        })
        break
      case 'finished':
        if (action.outcome === 'timed-out') log.warn('Committing consumer offsets took too long and was given up.')
        break
      default:
    }
  }

  #toList(offsets: Offsets): TopicPartitionOffset[] {
    return [...offsets].flatMap(([key, offset]) => {
      const partition = this.#partitions.get(key)
      return partition ? [{ topic: partition.topic, partition: partition.partition, offset }] : []
    })
  }
}

function requireOffset({ topic, partition, offset }: TopicPartitionOffset): number {
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new ConnectError(`The sink wants to commit ${topic}-${partition}: ${String(offset)} is no offset.`)
}
