import { KafkaError } from '../errors/kafka-error.ts'
import { inVersions, parseVersions } from './field-spec.ts'
import type { ApiSpec, Body, BodyInput, FieldSpec } from './field-spec.ts'
import { MessageCodec } from './message-codec.ts'
import { apiVersions, describeCluster, metadata } from './messages/cluster.ts'
import { describeConfigs, incrementalAlterConfigs } from './messages/configs.ts'
import { fetch, initProducerId, listOffsets, offsetForLeaderEpoch, produce } from './messages/data.ts'
import { deleteGroups, describeGroups, listGroups } from './messages/group-admin.ts'
import { findCoordinator, heartbeat, joinGroup, leaveGroup, syncGroup } from './messages/groups.ts'
import { offsetCommit, offsetDelete, offsetFetch } from './messages/offsets.ts'
import { createPartitions, createTopics, deleteRecords, deleteTopics } from './messages/topics.ts'

/** The tables of all APIs, by name. */
export interface ApiTable {
  readonly Produce: typeof produce
  readonly Fetch: typeof fetch
  readonly ListOffsets: typeof listOffsets
  readonly Metadata: typeof metadata
  readonly OffsetCommit: typeof offsetCommit
  readonly OffsetFetch: typeof offsetFetch
  readonly FindCoordinator: typeof findCoordinator
  readonly JoinGroup: typeof joinGroup
  readonly Heartbeat: typeof heartbeat
  readonly LeaveGroup: typeof leaveGroup
  readonly SyncGroup: typeof syncGroup
  readonly DescribeGroups: typeof describeGroups
  readonly ListGroups: typeof listGroups
  readonly ApiVersions: typeof apiVersions
  readonly CreateTopics: typeof createTopics
  readonly DeleteTopics: typeof deleteTopics
  readonly DeleteRecords: typeof deleteRecords
  readonly InitProducerId: typeof initProducerId
  readonly OffsetForLeaderEpoch: typeof offsetForLeaderEpoch
  readonly DescribeConfigs: typeof describeConfigs
  readonly CreatePartitions: typeof createPartitions
  readonly DeleteGroups: typeof deleteGroups
  readonly IncrementalAlterConfigs: typeof incrementalAlterConfigs
  readonly OffsetDelete: typeof offsetDelete
  readonly DescribeCluster: typeof describeCluster
}

const table: ApiTable = {
  Produce: produce,
  Fetch: fetch,
  ListOffsets: listOffsets,
  Metadata: metadata,
  OffsetCommit: offsetCommit,
  OffsetFetch: offsetFetch,
  FindCoordinator: findCoordinator,
  JoinGroup: joinGroup,
  Heartbeat: heartbeat,
  LeaveGroup: leaveGroup,
  SyncGroup: syncGroup,
  DescribeGroups: describeGroups,
  ListGroups: listGroups,
  ApiVersions: apiVersions,
  CreateTopics: createTopics,
  DeleteTopics: deleteTopics,
  DeleteRecords: deleteRecords,
  InitProducerId: initProducerId,
  OffsetForLeaderEpoch: offsetForLeaderEpoch,
  DescribeConfigs: describeConfigs,
  CreatePartitions: createPartitions,
  DeleteGroups: deleteGroups,
  IncrementalAlterConfigs: incrementalAlterConfigs,
  OffsetDelete: offsetDelete,
  DescribeCluster: describeCluster,
}

/** The name of an API that this client and the embedded broker speak. */
export type ApiName = keyof ApiTable

/** The bodies of every API: as decoded (`request`, `response`), and as encoding takes them (`…Input`). */
export type Messages = {
  readonly [N in ApiName]: {
    readonly request: Body<ApiTable[N]['request']>
    readonly response: Body<ApiTable[N]['response']>
    readonly requestInput: BodyInput<ApiTable[N]['request']>
    readonly responseInput: BodyInput<ApiTable[N]['response']>
  }
}

/** One API: its versions, as far as we use them, and the codecs of its two messages. */
export interface Api {
  readonly name: ApiName
  readonly key: number
  readonly minVersion: number
  /** The newest version that we use; the cap and its reason stand in the table under messages/. */
  readonly maxVersion: number
  readonly request: MessageCodec
  readonly response: MessageCodec
  /** The fields of the messages, for tools that walk the table. */
  readonly spec: ApiSpec
  flexible(version: number): boolean
  requestHeaderVersion(version: number): 1 | 2
  responseHeaderVersion(version: number): 0 | 1
}

/** All APIs, in the order of the table. */
export const apis: readonly Api[] = (Object.keys(table) as ApiName[]).map((name) => toApi(name, table[name]))

const byName = new Map<string, Api>(apis.map((api) => [api.name, api]))
const byKey = new Map<number, Api>(apis.map((api) => [api.key, api]))

/** The API of that name. */
export function api(name: ApiName): Api {
  const found = byName.get(name)
  if (found === undefined) throw new KafkaError('UNSUPPORTED_VERSION', `There is no API ${name}`)
  return found
}

/** The API with that key on the wire, or undefined when we do not speak it. */
export function apiByKey(key: number): Api | undefined {
  return byKey.get(key)
}

/**
 * What a broker built on this table says in ApiVersions. Produce is offered from 0 on although only 3 and later are
 * understood: librdkafka takes an absent Produce 0 for a broker without compression. Apache Kafka 4 does the same.
 */
export const offeredVersions: readonly {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}[] = apis.map(({ name, key, minVersion, maxVersion }) => ({
  apiKey: key,
  minVersion: name === 'Produce' ? 0 : minVersion,
  maxVersion,
}))

/**
 * The version to use with a broker that offers `min` to `max`: the newest that both know.
 * @throws KafkaError UNSUPPORTED_VERSION when there is none
 */
export function commonVersion(name: ApiName, min: number, max: number): number {
  const ours = api(name)
  const version = Math.min(ours.maxVersion, max)
  if (version < ours.minVersion || version < min) {
    throw new KafkaError(
      'UNSUPPORTED_VERSION',
      `No common version of ${name}: the broker offers ${min} to ${max}, this client speaks ${ours.minVersion} to ${ours.maxVersion}`,
    )
  }
  return version
}

function toApi(name: ApiName, spec: ApiSpec): Api {
  const { min, max } = parseVersions(spec.versions)
  const flexible = (version: number): boolean => inVersions(spec.flexible, version)
  const fields = (side: 'request' | 'response'): readonly FieldSpec[] => spec[side]
  return {
    name,
    key: spec.key,
    minVersion: min,
    maxVersion: max,
    request: new MessageCodec(`${name} request`, fields('request'), spec.flexible),
    response: new MessageCodec(`${name} response`, fields('response'), spec.flexible),
    spec,
    flexible,
    requestHeaderVersion: (version) => (flexible(version) ? 2 : 1),
    // A client that asks for a version the broker lacks must be able to read the answer: no tagged fields there.
    responseHeaderVersion: (version) => (flexible(version) && name !== 'ApiVersions' ? 1 : 0),
  }
}
