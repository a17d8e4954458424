import type { BrokerLog } from './broker-log.ts'
import type { GroupCoordinator } from './groups/group-coordinator.ts'
import type { ReadBuffers } from './log/read-lease.ts'
import type { Cluster } from './storage/cluster-file.ts'
import type { StorageHealth } from './storage/storage-health.ts'
import type { Topics } from './topics/topics.ts'

/** The id of the one node, as in a fresh Apache Kafka. */
export const nodeId = 1

/** Everything that the handlers of requests work on. */
export interface Broker {
  /** Where clients find it: what metadata tells them. */
  readonly host: string
  readonly port: number
  readonly cluster: Cluster
  readonly topics: Topics
  readonly groups: GroupCoordinator
  readonly buffers: ReadBuffers
  readonly health: StorageHealth
  readonly log: BrokerLog
  readonly autoCreateTopics: boolean
  readonly defaultPartitions: number
}
