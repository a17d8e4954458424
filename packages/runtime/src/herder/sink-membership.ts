import { compileJavaRegex, type Logger, type Props } from '@sluice/api'
import { clientOptionsFromProps, type ConsumerGroupMemberPort, createKafkaClient } from '@sluice/kafka'
import type { KafkaError } from '@sluice/kafka'
import { clientProps, sinkGroupId } from '../core/client-props.ts'
import { type Lease, noLease } from '../core/tasks/lease.ts'
import type { HostPeer } from '../hosts/host-pool.ts'
import { taskName, type TaskRef } from '../hosts/host-protocol.ts'
import { machineNowMs } from '../worker/machine-clock.ts'

/**
 * A sink task's place in its consumer group, on the control plane: heartbeats go on whatever the task does. What the
 * group decides is handed to the task's host, and answered there, before the next join.
 */
export interface SinkMembership {
  /** The right to run under the current generation, as long as the group surely counts on this member (I6). */
  lease(): Lease
  /** The task polled: it is alive (`max.poll.interval.ms`). */
  markPolled(): void
  /**
   * After the task has stopped: nothing of it is asked any more. Never rejects, and takes no longer than the budget: a
   * coordinator that does not answer drops the member by itself, later.
   */
  leave(budgetMs: number): Promise<void>
}

export interface SinkMembershipInput {
  readonly task: TaskRef
  readonly host: HostPeer
  readonly workerProps: Props
  readonly connectorConfig: Props
  readonly log: Logger
  /** The group can never be joined: the task has to fail. */
  readonly onRefused: (error: KafkaError) => void
}

/** Throws the ConfigError of a client setting that cannot be used. */
export function joinSinkGroup(input: SinkMembershipInput): SinkMembership {
  return new Membership(input)
}

class Membership implements SinkMembership {
  readonly #input: SinkMembershipInput
  readonly #member: ConsumerGroupMemberPort
  readonly #closeClient: () => Promise<void>
  readonly #handoverMs: number
  #epoch = 0
  #isLeaving = false

  constructor(input: SinkMembershipInput) {
    this.#input = input
    const { task, workerProps, connectorConfig, log } = input
    const clientId = `connector-consumer-${taskName(task)}`
    const parsed = clientOptionsFromProps(clientProps('consumer', clientId, workerProps, connectorConfig), 'consumer')
    const client = createKafkaClient({ ...parsed.client, log })
    const { groupId: _, ...timeouts } = parsed.group
    this.#closeClient = () => client.close()
    this.#handoverMs = parsed.group.maxPollIntervalMs
    this.#member = client.consumerGroupMember({
      ...timeouts,
      groupId: sinkGroupId(task.connector, workerProps, connectorConfig),
      topics: topicsOf(connectorConfig),
      onAssigned: async (partitions, generation) => {
        this.#epoch += 1
        await this.#handOver(() =>
          input.host.call('assign-partitions', { task, partitions, generation, lease: this.lease() }, this.#handoverMs),
        )
      },
      onRevoked: (partitions) =>
        this.#handOver(() => input.host.call('revoke-partitions', { task, partitions }, this.#handoverMs)),
      onLost: (partitions, reason) => {
        log.warn('The task has lost its place in the consumer group and joins again.', { error: reason })
        return this.#handOver(() => input.host.call('lose-partitions', { task, partitions }, this.#handoverMs))
      },
    })
    void this.#member.ended.then((error) => {
      if (error !== null && !this.#isLeaving) input.onRefused(error)
    })
    // What ends it for good is told through `ended`; leaving before the first generation is no failure.
    this.#member.start().catch(() => undefined)
  }

  lease(): Lease {
    const group = this.#member.lease()
    if (group === null) return noLease
    return { epoch: this.#epoch, expiresAtMs: machineNowMs() + group.expiresAtMs - performance.now() }
  }

  markPolled(): void {
    this.#member.markPolled()
  }

  async leave(budgetMs: number): Promise<void> {
    this.#isLeaving = true
    const { promise: isTooLate, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, budgetMs)
    try {
      await Promise.race([this.#member.leave('the task has stopped'), isTooLate])
    } catch (error) {
      this.#input.log.debug('Leaving the consumer group failed.', { error })
    }
    clearTimeout(timer)
    await this.#closeClient()
  }

  /** A host that is gone, or a task that does not answer, must not keep the group from going on. */
  async #handOver(call: () => Promise<unknown>): Promise<void> {
    if (this.#isLeaving) return
    try {
      await call()
    } catch (error) {
      this.#input.log.warn('The task did not take part in a rebalance.', { error })
    }
  }
}

function topicsOf(config: Props): readonly string[] | RegExp {
  const listed = config['topics']?.trim() ?? ''
  if (listed !== '') return [...new Set(listed.split(/\s*,\s*/))]
  return compileJavaRegex(config['topics.regex']?.trim() ?? '')
}
