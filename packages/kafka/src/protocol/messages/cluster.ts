// Messages about the cluster. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** ApiVersions: asks which versions a broker speaks. */
export const apiVersions = {
  name: 'ApiVersions',
  key: 18,
  versions: '0-4',
  flexible: '3+',
  request: [
    { name: 'clientSoftwareName', type: 'string', versions: '3+', ignorable: true },
    { name: 'clientSoftwareVersion', type: 'string', versions: '3+', ignorable: true },
  ],
  response: [
    { name: 'errorCode', type: 'int16' },
    {
      name: 'apiKeys',
      type: '[]struct',
      fields: [
        { name: 'apiKey', type: 'int16' },
        { name: 'minVersion', type: 'int16' },
        { name: 'maxVersion', type: 'int16' },
      ],
    },
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    {
      name: 'supportedFeatures',
      type: '[]struct',
      versions: '3+',
      tag: 0,
      ignorable: true,
      fields: [
        { name: 'name', type: 'string' },
        { name: 'minVersion', type: 'int16' },
        { name: 'maxVersion', type: 'int16' },
      ],
    },
    { name: 'finalizedFeaturesEpoch', type: 'int64', versions: '3+', tag: 1, default: -1, ignorable: true },
    {
      name: 'finalizedFeatures',
      type: '[]struct',
      versions: '3+',
      tag: 2,
      ignorable: true,
      fields: [
        { name: 'name', type: 'string' },
        { name: 'maxVersionLevel', type: 'int16' },
        { name: 'minVersionLevel', type: 'int16' },
      ],
    },
    { name: 'zkMigrationReady', type: 'boolean', versions: '3+', tag: 3, ignorable: true },
  ],
} as const
export type ApiVersionsRequest = Body<typeof apiVersions.request>
export type ApiVersionsResponse = Body<typeof apiVersions.response>

/** Metadata: brokers, topics, partitions and their leaders. Capped at 12, the newest with a second implementation to compare with. */
export const metadata = {
  name: 'Metadata',
  key: 3,
  versions: '0-12',
  flexible: '9+',
  request: [
    {
      name: 'topics',
      type: '[]struct',
      nullable: '1+',
      fields: [
        { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
        { name: 'name', type: 'string', nullable: '10+' },
      ],
    },
    { name: 'allowAutoTopicCreation', type: 'boolean', versions: '4+', default: true },
    { name: 'includeClusterAuthorizedOperations', type: 'boolean', versions: '8-10' },
    { name: 'includeTopicAuthorizedOperations', type: 'boolean', versions: '8+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', default: 0, ignorable: true },
    {
      name: 'brokers',
      type: '[]struct',
      fields: [
        { name: 'nodeId', type: 'int32' },
        { name: 'host', type: 'string' },
        { name: 'port', type: 'int32' },
        { name: 'rack', type: 'string', versions: '1+', nullable: true, default: null, ignorable: true },
      ],
    },
    { name: 'clusterId', type: 'string', versions: '2+', nullable: true, default: null, ignorable: true },
    { name: 'controllerId', type: 'int32', versions: '1+', default: -1, ignorable: true },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'errorCode', type: 'int16' },
        { name: 'name', type: 'string', nullable: '12+' },
        { name: 'topicId', type: 'uuid', versions: '10+', ignorable: true },
        { name: 'isInternal', type: 'boolean', versions: '1+', ignorable: true },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'errorCode', type: 'int16' },
            { name: 'partitionIndex', type: 'int32' },
            { name: 'leaderId', type: 'int32' },
            { name: 'leaderEpoch', type: 'int32', versions: '7+', default: -1, ignorable: true },
            { name: 'replicaNodes', type: '[]int32' },
            { name: 'isrNodes', type: '[]int32' },
            { name: 'offlineReplicas', type: '[]int32', versions: '5+', ignorable: true },
          ],
        },
        { name: 'topicAuthorizedOperations', type: 'int32', versions: '8+', default: -2147483648 },
      ],
    },
    { name: 'clusterAuthorizedOperations', type: 'int32', versions: '8-10', default: -2147483648 },
  ],
} as const
export type MetadataRequest = Body<typeof metadata.request>
export type MetadataResponse = Body<typeof metadata.response>

/** DescribeCluster: cluster id, controller and brokers. Capped at 1: 2 only adds fenced brokers. */
export const describeCluster = {
  name: 'DescribeCluster',
  key: 60,
  versions: '0-1',
  flexible: '0+',
  request: [
    { name: 'includeClusterAuthorizedOperations', type: 'boolean' },
    { name: 'endpointType', type: 'int8', versions: '1+', default: 1 },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    { name: 'errorCode', type: 'int16' },
    { name: 'errorMessage', type: 'string', nullable: true, default: null },
    { name: 'endpointType', type: 'int8', versions: '1+', default: 1 },
    { name: 'clusterId', type: 'string' },
    { name: 'controllerId', type: 'int32', default: -1 },
    {
      name: 'brokers',
      type: '[]struct',
      fields: [
        { name: 'brokerId', type: 'int32' },
        { name: 'host', type: 'string' },
        { name: 'port', type: 'int32' },
        { name: 'rack', type: 'string', nullable: true, default: null },
      ],
    },
    { name: 'clusterAuthorizedOperations', type: 'int32', default: -2147483648 },
  ],
} as const
export type DescribeClusterRequest = Body<typeof describeCluster.request>
export type DescribeClusterResponse = Body<typeof describeCluster.response>
