import type { ClientSettings } from '../client-settings.ts'
import { ConnectionPool } from '../connection/connection-pool.ts'
import { KafkaError } from '../errors/kafka-error.ts'
import { lookUpOffsets } from '../consumer/offset-lookup.ts'
import type { Metadata } from '../metadata/metadata.ts'
import type { AdminPort } from '../ports.ts'
import type { AdminParts } from './admin-parts.ts'
import * as groups from './groups.ts'
import * as topics from './topics.ts'

/** The admin port over one client's metadata, with connections of its own. */
export function createAdmin(settings: ClientSettings, metadata: Metadata, onClosed: () => void): AdminPort {
  const pool = new ConnectionPool(settings.connection, settings.reconnect)
  const closing = new AbortController()
  const parts: AdminParts = { settings, metadata, pool, signal: closing.signal }
  return {
    describeCluster: () => topics.describeCluster(parts),
    async listTopics() {
      const all = await topics.describeTopics(parts, null)
      return [...all].filter(([, topic]) => !(topic instanceof KafkaError) && !topic.isInternal).map(([name]) => name)
    },
    describeTopics: async (names) => (names.length === 0 ? new Map() : await topics.describeTopics(parts, names)),
    createTopics: (newTopics) => topics.createTopics(parts, newTopics),
    deleteTopics: (names) => topics.deleteTopics(parts, names),
    createPartitions: (topic, count) => topics.createPartitions(parts, topic, count),
    deleteRecords: (before) => topics.deleteRecords(parts, before),
    describeConfigs: (resources) => topics.describeConfigs(parts, resources),
    listOffsets: (partitions, isolation = 'read_uncommitted') =>
      lookUpOffsets(partitions, { ...parts, isolation, create: false }),
    listGroups: () => groups.listGroups(parts),
    describeGroups: (names) => groups.describeGroups(parts, names),
    deleteGroups: (names) => groups.deleteGroups(parts, names),
    listGroupOffsets: (group) => groups.listGroupOffsets(parts, group),
    alterGroupOffsets: (group, offsets) => groups.alterGroupOffsets(parts, group, offsets),
    deleteGroupOffsets: (group, partitions) => groups.deleteGroupOffsets(parts, group, partitions),
    close() {
      closing.abort()
      pool.close()
      onClosed()
      return Promise.resolve()
    },
  }
}
