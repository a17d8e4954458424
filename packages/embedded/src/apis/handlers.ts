import type { ApiName } from '@sluice/kafka/protocol'
import { handleApiVersions } from './api-versions.ts'
import { handleCreatePartitions } from './create-partitions.ts'
import { handleCreateTopics } from './create-topics.ts'
import { handleDeleteGroups } from './delete-groups.ts'
import { handleDeleteRecords } from './delete-records.ts'
import { handleDeleteTopics } from './delete-topics.ts'
import { handleDescribeCluster } from './describe-cluster.ts'
import { handleDescribeConfigs } from './describe-configs.ts'
import { handleDescribeGroups } from './describe-groups.ts'
import { handleFetch } from './fetch.ts'
import { handleFindCoordinator } from './find-coordinator.ts'
import type { Handler } from './handler.ts'
import { handleHeartbeat } from './heartbeat.ts'
import { handleIncrementalAlterConfigs } from './incremental-alter-configs.ts'
import { handleInitProducerId } from './init-producer-id.ts'
import { handleJoinGroup } from './join-group.ts'
import { handleLeaveGroup } from './leave-group.ts'
import { handleListGroups } from './list-groups.ts'
import { handleListOffsets } from './list-offsets.ts'
import { handleMetadata } from './metadata.ts'
import { handleOffsetCommit } from './offset-commit.ts'
import { handleOffsetDelete } from './offset-delete.ts'
import { handleOffsetFetch } from './offset-fetch.ts'
import { handleOffsetForLeaderEpoch } from './offset-for-leader-epoch.ts'
import { handleProduce } from './produce.ts'
import { handleSyncGroup } from './sync-group.ts'

/** One handler for each API of the table. */
export const handlers: { readonly [N in ApiName]: Handler<N> } = {
  Produce: handleProduce,
  Fetch: handleFetch,
  ListOffsets: handleListOffsets,
  Metadata: handleMetadata,
  OffsetCommit: handleOffsetCommit,
  OffsetFetch: handleOffsetFetch,
  FindCoordinator: handleFindCoordinator,
  JoinGroup: handleJoinGroup,
  Heartbeat: handleHeartbeat,
  LeaveGroup: handleLeaveGroup,
  SyncGroup: handleSyncGroup,
  DescribeGroups: handleDescribeGroups,
  ListGroups: handleListGroups,
  ApiVersions: handleApiVersions,
  CreateTopics: handleCreateTopics,
  DeleteTopics: handleDeleteTopics,
  DeleteRecords: handleDeleteRecords,
  InitProducerId: handleInitProducerId,
  OffsetForLeaderEpoch: handleOffsetForLeaderEpoch,
  DescribeConfigs: handleDescribeConfigs,
  CreatePartitions: handleCreatePartitions,
  DeleteGroups: handleDeleteGroups,
  IncrementalAlterConfigs: handleIncrementalAlterConfigs,
  OffsetDelete: handleOffsetDelete,
  DescribeCluster: handleDescribeCluster,
}
