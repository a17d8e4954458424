import type { TopicPartition } from '@sluice/api'
import { expect, test } from 'vitest'
import type { KafkaError } from '../src/errors/kafka-error.ts'
import { partitionKey } from '../src/partition-key.ts'
import type {
  ConsumerGroupMemberOptions,
  ConsumerGroupMemberPort,
  GroupGeneration,
  GroupMemberOptions,
  KafkaClient,
} from '../src/ports.ts'
import { suiteClient, unique } from './support/contract-target.ts'
import type { ContractTarget } from './support/contract-target.ts'
import { produce } from './support/records.ts'
import { waitUntil } from './support/wait-until.ts'

/** A member with what it was told, in order. */
interface Recorded {
  readonly member: ConsumerGroupMemberPort
  readonly events: string[]
  readonly generations: GroupGeneration[]
}

const quick = { sessionTimeoutMs: 6000, heartbeatIntervalMs: 100, rebalanceTimeoutMs: 20_000 }

/** What group members promise, over any broker. */
export function groupContract(target: ContractTarget): void {
  const suite = suiteClient(target, { metadataMaxAgeMs: 200 })
  const other = suiteClient(target, { metadataMaxAgeMs: 200 })

  const join = (client: KafkaClient, options: Partial<ConsumerGroupMemberOptions> & { groupId: string }): Recorded => {
    const events: string[] = []
    const generations: GroupGeneration[] = []
    const names = (partitions: readonly TopicPartition[]): string =>
      partitions.map(({ partition }) => partition).join(',')
    const member = client.consumerGroupMember({
      topics: [],
      ...quick,
      async onAssigned(partitions, generation) {
        generations.push(generation)
        events.push(`assigned ${names(partitions)}`)
      },
      async onRevoked(partitions) {
        events.push(`revoked ${names(partitions)}`)
      },
      async onLost(partitions) {
        events.push(`lost ${names(partitions)}`)
      },
      ...options,
    })
    return { member, events, generations }
  }
  const held = (...members: Recorded[]): string[] =>
    members
      .flatMap(({ member }) => member.assignment())
      .map(partitionKey)
      .sort()
  const all = (topic: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${topic}-${i}`)

  test('gives all partitions to a member alone, and to the rest of the group what a member leaves behind', async () => {
    const topic = await suite.topic(4)
    const groupId = unique('group')
    const first = join(suite.client, { groupId, topics: [topic] })
    await first.member.start()
    expect(held(first)).toEqual(all(topic, 4))
    expect(first.generations).toHaveLength(1)
    const second = join(other.client, { groupId, topics: [topic] })
    await second.member.start()
    await waitUntil('both share', () => held(first).length === 2 && held(second).length === 2)
    expect(held(first, second)).toEqual(all(topic, 4))
    expect(first.member.generation()?.generationId).toBe(second.member.generation()?.generationId)
    await second.member.leave('done')
    expect(second.events.at(-1)).toMatch(/^revoked /)
    await waitUntil('the first has all again', () => held(first).length === 4)
    await first.member.leave('done')
    expect(first.events).toHaveLength(6)
    expect(first.events[1]).toBe('revoked 0,1,2,3')
    expect(await first.member.ended).toBeNull()
    await waitUntil('the group is empty', async () => {
      const group = (await suite.admin.describeGroups([groupId])).get(groupId)
      return group !== undefined && 'state' in group && group.state === 'Empty'
    })
  })

  test('commits under its generation while it gives up partitions, before anyone else has them', async () => {
    const topic = await suite.topic(2)
    const groupId = unique('group')
    const consumer = suite.client.consumer()
    const release: (() => void)[] = []
    let isCommitted = false
    const first = join(suite.client, {
      groupId,
      topics: [topic],
      async onRevoked(partitions, generation) {
        await new Promise<void>((resolve) => release.push(resolve))
        await consumer.commit(
          partitions.map((partition) => ({ ...partition, offset: 42 })),
          generation,
        )
        isCommitted = true
      },
    })
    await first.member.start()
    const seen: boolean[] = []
    const second = join(other.client, {
      groupId,
      topics: [topic],
      async onAssigned() {
        seen.push(isCommitted)
      },
    })
    const started = second.member.start()
    await waitUntil('the first is asked to give up', () => release.length === 1)
    const renewed = first.member.lease()!.renewedAtMs
    await waitUntil('heartbeats go on meanwhile', () => first.member.lease()!.renewedAtMs > renewed)
    release[0]!()
    await started
    expect(seen).toEqual([true])
    const partitions = [0, 1].map((partition) => ({ topic, partition }))
    expect([...(await consumer.committed(groupId, partitions)).values()]).toEqual([42, 42])
    const leaving = first.member.leave('done')
    await waitUntil('the first is asked once more', () => release.length > 1)
    for (const go of release) go()
    await Promise.all([leaving, second.member.leave('done')])
    await consumer.close(1000)
  })

  test('fences commits of a generation that is over, and of a member that has left', async () => {
    const topic = await suite.topic(1)
    const groupId = unique('group')
    const consumer = suite.client.consumer()
    const member = join(suite.client, { groupId, topics: [topic] })
    await member.member.start()
    const [old] = member.generations
    const offsets = [{ topic, partition: 0, offset: 1 }]
    await consumer.commit(offsets, old!)
    member.member.requestRejoin('test')
    await waitUntil('it has joined again', () => member.generations.length === 2)
    expect(member.generations[1]!.generationId).toBeGreaterThan(old!.generationId)
    await expect(consumer.commit(offsets, old!)).rejects.toMatchObject({ errorName: 'ILLEGAL_GENERATION' })
    const [, present] = member.generations
    await consumer.commit(offsets, present!)
    await member.member.leave('done')
    await expect(consumer.commit(offsets, present!)).rejects.toMatchObject({ errorName: 'UNKNOWN_MEMBER_ID' })
    await expect(consumer.commit(offsets, { groupId: unique('x') })).resolves.toBeUndefined()
    await consumer.close(1000)
  })

  test('forms a group of any protocol type, with the leader’s bytes for everyone', async () => {
    const groupId = unique('connect')
    const joined: string[] = []
    const rounds: number[] = []
    const options = (name: string): GroupMemberOptions => ({
      groupId,
      protocolType: 'connect',
      ...quick,
      protocols: () => [
        { name: 'sessioned', metadata: Buffer.from([0, 255, ...Buffer.from(name)]) },
        { name: 'compatible', metadata: Buffer.from(name) },
      ],
      async onPrepare() {},
      async assign({ protocol, members, leaderId }) {
        rounds.push(members.length)
        expect(protocol).toBe('sessioned')
        expect(members.map(({ memberId }) => memberId)).toContain(leaderId)
        return new Map(members.map(({ memberId, metadata }) => [memberId, Buffer.from(metadata).reverse()]))
      },
      async onJoined({ protocol, assignment }) {
        joined.push(`${name} ${protocol} ${Buffer.from(assignment).toString('hex')}`)
      },
      async onLost() {},
    })
    const [a, b] = [suite.client.groupMember(options('a')), other.client.groupMember(options('b'))]
    await a.start()
    await b.start()
    await waitUntil('both joined one generation', () => a.generation()?.generationId === b.generation()?.generationId)
    await waitUntil('the leader has divided among two', () => rounds.at(-1) === 2)
    await waitUntil(
      'each has its own bytes',
      () => joined.includes('a sessioned 61ff00') && joined.includes('b sessioned 62ff00'),
    )
    await Promise.all([a.leave('done'), b.leave('done')])
  })

  test('cannot join a group of another protocol type', async () => {
    const topic = await suite.topic(1)
    const groupId = unique('group')
    const first = join(suite.client, { groupId, topics: [topic] })
    await first.member.start()
    const stranger = other.client.groupMember({
      groupId,
      protocolType: 'connect',
      ...quick,
      protocols: () => [{ name: 'sessioned', metadata: Buffer.alloc(0) }],
      async onPrepare() {},
      assign: async () => new Map(),
      async onJoined() {},
      async onLost() {},
    })
    await expect(stranger.start()).rejects.toMatchObject({ errorName: 'INCONSISTENT_GROUP_PROTOCOL' })
    expect(await stranger.ended).toMatchObject({ errorName: 'INCONSISTENT_GROUP_PROTOCOL' })
    expect(first.member.generation()).not.toBeNull()
    await first.member.leave('done')
  })

  test('ends when a handler throws, and leaves the group', async () => {
    const topic = await suite.topic(1)
    const groupId = unique('group')
    const member = join(suite.client, {
      groupId,
      topics: [topic],
      async onAssigned() {
        throw new Error('no room')
      },
    })
    await expect(member.member.start()).rejects.toThrow('no room')
    expect((await member.member.ended)?.message).toContain('no room')
    await waitUntil('the group is empty', async () => {
      const group = (await suite.admin.describeGroups([groupId])).get(groupId)
      return group !== undefined && 'members' in group && group.members.length === 0
    })
  })

  test('takes in partitions that are added, and topics that come to match its pattern', async () => {
    const prefix = unique('watched')
    const groupId = unique('group')
    await suite.admin.createTopics([{ name: `${prefix}-a`, partitions: 1, replicationFactor: 1 }])
    const member = join(suite.client, { groupId, topics: new RegExp(`${prefix}-[ab]`) })
    await member.member.start()
    // A broker may list a topic a moment after it has answered its creation.
    await waitUntil('the first topic is assigned', () => held(member).includes(`${prefix}-a-0`))
    await suite.admin.createPartitions(`${prefix}-a`, 2)
    await waitUntil('the new partition is assigned', () => held(member).includes(`${prefix}-a-1`))
    await suite.admin.createTopics([`${prefix}-b`, `${prefix}-bb`].map((name) => ({ name, partitions: 1 })))
    await waitUntil('the new topic is assigned', () => held(member).includes(`${prefix}-b-0`))
    expect(held(member)).toEqual([`${prefix}-a-0`, `${prefix}-a-1`, `${prefix}-b-0`])
    await member.member.leave('done')
  })

  test('waits for a topic that is not there, and is assigned it when it comes', async () => {
    const topic = unique('later')
    const member = join(suite.client, { groupId: unique('group'), topics: [topic], allowAutoCreateTopics: false })
    await member.member.start()
    expect(held(member)).toEqual([])
    await produce(suite.client, { topic, partition: 0 }, ['first'])
    await waitUntil('the topic is assigned', () => held(member).length > 0)
    await member.member.leave('done')
  })

  test('leaves when its task stops polling, and comes back when that polls again', async () => {
    const topic = await suite.topic(1)
    const lost: KafkaError[] = []
    const member = join(suite.client, {
      groupId: unique('group'),
      topics: [topic],
      maxPollIntervalMs: 500,
      async onLost(_, reason) {
        lost.push(reason)
      },
    })
    await member.member.start()
    await waitUntil('it has lost its partitions', () => lost.length === 1)
    expect(lost[0]!.message).toContain('max.poll.interval.ms')
    expect(held(member)).toEqual([])
    expect(member.member.generation()).toBeNull()
    member.member.markPolled()
    await waitUntil('it has them again', () => held(member).length === 1)
    await member.member.leave('done')
  })

  test('finds a static member its place again without a rebalance of the others', async () => {
    const topic = await suite.topic(2)
    const groupId = unique('group')
    const first = join(suite.client, { groupId, topics: [topic], groupInstanceId: 'one' })
    const second = join(other.client, { groupId, topics: [topic], groupInstanceId: 'two' })
    await first.member.start()
    await second.member.start()
    await waitUntil('both share', () => held(first).length === 1 && held(second).length === 1)
    const before = held(second)
    const count = first.events.length
    await second.member.leave('restart')
    const again = join(other.client, { groupId, topics: [topic], groupInstanceId: 'two' })
    await again.member.start()
    expect(held(again)).toEqual(before)
    expect(first.events).toHaveLength(count)
    await Promise.all([first.member.leave('done'), again.member.leave('done')])
  })

  test('leaves in good order while it waits for others to join', async () => {
    const topic = await suite.topic(1)
    const groupId = unique('group')
    const release: (() => void)[] = []
    const first = join(suite.client, {
      groupId,
      topics: [topic],
      onRevoked: () => new Promise<void>((resolve) => release.push(resolve)),
    })
    await first.member.start()
    const second = join(other.client, { groupId, topics: [topic] })
    const started = second.member.start()
    await waitUntil('the first is asked to give up', () => release.length === 1)
    await second.member.leave('changed its mind')
    await expect(started).rejects.toThrow(`Left group ${groupId} before joining it`)
    release[0]!()
    await waitUntil('the first is back', () => first.generations.length === 2)
    const leaving = first.member.leave('done')
    await waitUntil('the first is asked once more', () => release.length === 2)
    release[1]!()
    await leaving
  })
}
