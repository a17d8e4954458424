export { clientOptionsFromProps } from './client-options.ts'
export type { ClientOptionsByKind, OptionsOf, ParsedClientOptions } from './client-options.ts'
export { errorCode } from './errors/error-codes.ts'
export type { ErrorName } from './errors/error-codes.ts'
export { errorFromCode, KafkaError } from './errors/kafka-error.ts'
export { createKafkaClient } from './kafka-client.ts'
export { partitionKey } from './partition-key.ts'
export type {
  Acks,
  AdminPort,
  BrokerInfo,
  ClientOptions,
  ClusterInfo,
  CommitOffset,
  Compression,
  ConfigEntry,
  ConfigResource,
  ConsumerGroupMemberOptions,
  ConsumerGroupMemberPort,
  ConsumerOptions,
  ConsumerPort,
  FetchedBatch,
  GroupDescription,
  GroupGeneration,
  GroupLease,
  GroupListing,
  GroupMemberOptions,
  GroupMemberPort,
  GroupProtocol,
  GroupRound,
  GroupTimeouts,
  IsolationLevel,
  JoinedGroup,
  KafkaClient,
  NewTopic,
  OffsetMap,
  OffsetReset,
  OffsetSpec,
  PartitionInfo,
  PartitionResults,
  ProducerOptions,
  ProducerPort,
  ProducerRecord,
  SendListener,
  TopicInfo,
} from './ports.ts'
