import type { TopicPartition } from '@sluice/api'
import { byTopic } from '../by-topic.ts'
import { withRetries } from '../connection/with-retries.ts'
import { errorCode } from '../errors/error-codes.ts'
import { errorFromCode, KafkaError } from '../errors/kafka-error.ts'
import { commitOffsets, fetchOffsets } from '../group/group-offsets.ts'
import { partitionKey } from '../partition-key.ts'
import type { CommitOffset, GroupDescription, GroupListing, OffsetMap, PartitionResults } from '../ports.ts'
import { adminPurpose, coordinatorOf, resultOf } from './admin-parts.ts'
import type { AdminParts } from './admin-parts.ts'

const call = { purpose: adminPurpose }

/** The groups of all brokers. */
export async function listGroups(parts: AdminParts): Promise<readonly GroupListing[]> {
  const doing = 'Listing groups'
  const { settings, signal, metadata, pool } = parts
  const bounds = { timeoutMs: settings.apiTimeoutMs, backoff: settings.retry, signal }
  return await withRetries(doing, bounds, async () => {
    const { cluster } = await metadata.ask([], { create: false })
    const perBroker = await Promise.all(
      cluster.brokers.map(async (broker) => {
        const answer = await (await pool.get(broker, adminPurpose)).call('ListGroups', {})
        if (answer.errorCode !== errorCode.NONE) throw errorFromCode(answer.errorCode, doing)
        return answer.groups.map(({ groupId, protocolType, groupState: state }) => ({ groupId, protocolType, state }))
      }),
    )
    return perBroker.flat()
  })
}

/** Each group as its coordinator sees it; one that is not there is `Dead`. */
export async function describeGroups(
  parts: AdminParts,
  groups: readonly string[],
): Promise<ReadonlyMap<string, GroupDescription | KafkaError>> {
  return await each(groups, (groupId) => describeGroup(parts, groupId))
}

async function describeGroup(parts: AdminParts, groupId: string): Promise<GroupDescription> {
  const doing = `Describing group ${groupId}`
  const coordinator = coordinatorOf(parts, groupId)
  return await coordinator.retrying(doing, async () => {
    const answer = await coordinator.call('DescribeGroups', { groups: [groupId] }, call)
    const [group] = answer.groups
    if (group === undefined) throw new KafkaError('UNKNOWN_SERVER_ERROR', `${doing}: the answer is empty`)
    if (group.errorCode !== errorCode.NONE) throw coordinator.noteError(errorFromCode(group.errorCode, doing))
    const { groupState: state, protocolType, protocolData: protocol } = group
    const members = group.members.map(({ memberMetadata, memberAssignment, ...member }) => ({
      ...member,
      metadata: memberMetadata,
      assignment: memberAssignment,
    }))
    return { groupId, state, protocolType, protocol, members }
  })
}

/** Deletes groups without members, with their offsets. */
export async function deleteGroups(
  parts: AdminParts,
  groups: readonly string[],
): Promise<ReadonlyMap<string, KafkaError | null>> {
  return await each(groups, async (groupId) => {
    const doing = `Deleting group ${groupId}`
    const coordinator = coordinatorOf(parts, groupId)
    return await coordinator.retrying(doing, async () => {
      const answer = await coordinator.call('DeleteGroups', { groupsNames: [groupId] }, call)
      const error = resultOf(answer.results[0]?.errorCode ?? errorCode.UNKNOWN_SERVER_ERROR, doing)
      if (error !== null) throw coordinator.noteError(error)
      return null
    })
  })
}

/** Every committed offset of the group. */
export async function listGroupOffsets(parts: AdminParts, groupId: string): Promise<OffsetMap> {
  return await fetchOffsets(coordinatorOf(parts, groupId), null)
}

/** Sets offsets of a group that has no members. */
export async function alterGroupOffsets(
  parts: AdminParts,
  groupId: string,
  offsets: readonly CommitOffset[],
): Promise<PartitionResults> {
  if (offsets.length === 0) return new Map()
  const coordinator = coordinatorOf(parts, groupId)
  return await coordinator.retrying(`Altering the offsets of group ${groupId}`, async () => {
    const results = await commitOffsets(coordinator, offsets, { groupId })
    for (const error of results.values()) if (error?.retriable === true) throw error
    return results
  })
}

/** Forgets offsets of a group, where no member subscribes to their topic. */
export async function deleteGroupOffsets(
  parts: AdminParts,
  groupId: string,
  partitions: readonly TopicPartition[],
): Promise<PartitionResults> {
  if (partitions.length === 0) return new Map()
  const doing = `Deleting offsets of group ${groupId}`
  const coordinator = coordinatorOf(parts, groupId)
  const topics = byTopic(partitions, ({ partition }) => ({ partitionIndex: partition })).map(([name, entries]) => ({
    name,
    partitions: entries,
  }))
  return await coordinator.retrying(doing, async () => {
    const answer = await coordinator.call('OffsetDelete', { groupId, topics }, call)
    if (answer.errorCode !== errorCode.NONE) throw coordinator.noteError(errorFromCode(answer.errorCode, doing))
    const results = new Map<string, KafkaError | null>()
    for (const { name: topic, partitions: entries } of answer.topics) {
      for (const { partitionIndex: partition, errorCode: code } of entries) {
        const key = partitionKey({ topic, partition })
        results.set(key, resultOf(code, `${doing}, partition ${key}`))
      }
    }
    return results
  })
}

/** One result for each name; a KafkaError that is thrown is the result of its name. */
async function each<T>(
  names: readonly string[],
  work: (name: string) => Promise<T>,
): Promise<Map<string, T | KafkaError>> {
  const results = await Promise.all(
    names.map(async (name): Promise<[string, T | KafkaError]> => {
      try {
        return [name, await work(name)]
      } catch (error) {
        if (error instanceof KafkaError) return [name, error]
        throw error
      }
    }),
  )
  return new Map(results)
}
