// Messages that move records. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** Produce: appends record batches to partitions. Versions 0 to 2 carry the old message formats; 13 names topics by id. */
export const produce = {
  name: 'Produce',
  key: 0,
  versions: '3-12',
  flexible: '9+',
  request: [
    { name: 'transactionalId', type: 'string', nullable: true, default: null },
    { name: 'acks', type: 'int16' },
    { name: 'timeoutMs', type: 'int32' },
    {
      name: 'topicData',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        {
          name: 'partitionData',
          type: '[]struct',
          fields: [
            { name: 'index', type: 'int32' },
            { name: 'records', type: 'records', nullable: true, default: null },
          ],
        },
      ],
    },
  ],
  response: [
    {
      name: 'responses',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        {
          name: 'partitionResponses',
          type: '[]struct',
          fields: [
            { name: 'index', type: 'int32' },
            { name: 'errorCode', type: 'int16' },
            { name: 'baseOffset', type: 'int64' },
            { name: 'logAppendTimeMs', type: 'int64', default: -1 },
            { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
            {
              name: 'recordErrors',
              type: '[]struct',
              versions: '8+',
              ignorable: true,
              fields: [
                { name: 'batchIndex', type: 'int32' },
                { name: 'batchIndexErrorMessage', type: 'string', nullable: true, default: null },
              ],
            },
            { name: 'errorMessage', type: 'string', versions: '8+', nullable: true, default: null, ignorable: true },
            {
              name: 'currentLeader',
              type: 'struct',
              versions: '10+',
              tag: 0,
              fields: [
                { name: 'leaderId', type: 'int32', default: -1 },
                { name: 'leaderEpoch', type: 'int32', default: -1 },
              ],
            },
          ],
        },
      ],
    },
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'nodeEndpoints',
      type: '[]struct',
      versions: '10+',
      tag: 0,
      fields: [
        { name: 'nodeId', type: 'int32' },
        { name: 'host', type: 'string' },
        { name: 'port', type: 'int32' },
        { name: 'rack', type: 'string', nullable: true, default: null },
      ],
    },
  ],
} as const
export type ProduceRequest = Body<typeof produce.request>
export type ProduceResponse = Body<typeof produce.response>

/** Fetch: reads record batches from partitions. Capped at 12: from 13 on topics are named by id. */
export const fetch = {
  name: 'Fetch',
  key: 1,
  versions: '4-12',
  flexible: '12+',
  request: [
    { name: 'replicaId', type: 'int32', default: -1 },
    { name: 'maxWaitMs', type: 'int32' },
    { name: 'minBytes', type: 'int32' },
    { name: 'maxBytes', type: 'int32', default: 2147483647 },
    { name: 'isolationLevel', type: 'int8' },
    { name: 'sessionId', type: 'int32', versions: '7+', ignorable: true },
    { name: 'sessionEpoch', type: 'int32', versions: '7+', default: -1, ignorable: true },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'topic', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partition', type: 'int32' },
            { name: 'currentLeaderEpoch', type: 'int32', versions: '9+', default: -1, ignorable: true },
            { name: 'fetchOffset', type: 'int64' },
            { name: 'lastFetchedEpoch', type: 'int32', versions: '12+', default: -1 },
            { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
            { name: 'partitionMaxBytes', type: 'int32' },
          ],
        },
      ],
    },
    {
      name: 'forgottenTopicsData',
      type: '[]struct',
      versions: '7+',
      fields: [
        { name: 'topic', type: 'string' },
        { name: 'partitions', type: '[]int32' },
      ],
    },
    { name: 'rackId', type: 'string', versions: '11+', ignorable: true },
    { name: 'clusterId', type: 'string', versions: '12+', nullable: true, tag: 0, default: null, ignorable: true },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    { name: 'errorCode', type: 'int16', versions: '7+', ignorable: true },
    { name: 'sessionId', type: 'int32', versions: '7+' },
    {
      name: 'responses',
      type: '[]struct',
      fields: [
        { name: 'topic', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partitionIndex', type: 'int32' },
            { name: 'errorCode', type: 'int16' },
            { name: 'highWatermark', type: 'int64' },
            { name: 'lastStableOffset', type: 'int64', default: -1 },
            { name: 'logStartOffset', type: 'int64', versions: '5+', default: -1, ignorable: true },
            {
              name: 'abortedTransactions',
              type: '[]struct',
              nullable: true,
              fields: [
                { name: 'producerId', type: 'bigint' },
                { name: 'firstOffset', type: 'int64' },
              ],
            },
            { name: 'preferredReadReplica', type: 'int32', versions: '11+', default: -1 },
            { name: 'records', type: 'records', nullable: true, default: null },
            {
              name: 'divergingEpoch',
              type: 'struct',
              versions: '12+',
              tag: 0,
              fields: [
                { name: 'epoch', type: 'int32', default: -1 },
                { name: 'endOffset', type: 'int64', default: -1 },
              ],
            },
            {
              name: 'currentLeader',
              type: 'struct',
              versions: '12+',
              tag: 1,
              fields: [
                { name: 'leaderId', type: 'int32', default: -1 },
                { name: 'leaderEpoch', type: 'int32', default: -1 },
              ],
            },
            {
              name: 'snapshotId',
              type: 'struct',
              versions: '12+',
              tag: 2,
              fields: [
                { name: 'endOffset', type: 'int64', default: -1 },
                { name: 'epoch', type: 'int32', default: -1 },
              ],
            },
          ],
        },
      ],
    },
  ],
} as const
export type FetchRequest = Body<typeof fetch.request>
export type FetchResponse = Body<typeof fetch.response>

/** ListOffsets: finds offsets by timestamp, or the first and the last. Capped at 9: 10 and 11 only concern tiered storage. */
export const listOffsets = {
  name: 'ListOffsets',
  key: 2,
  versions: '1-9',
  flexible: '6+',
  request: [
    { name: 'replicaId', type: 'int32' },
    { name: 'isolationLevel', type: 'int8', versions: '2+' },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partitionIndex', type: 'int32' },
            { name: 'currentLeaderEpoch', type: 'int32', versions: '4+', default: -1, ignorable: true },
            { name: 'timestamp', type: 'int64' },
          ],
        },
      ],
    },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', default: 0, ignorable: true },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partitionIndex', type: 'int32' },
            { name: 'errorCode', type: 'int16' },
            { name: 'timestamp', type: 'int64', default: -1 },
            { name: 'offset', type: 'int64', default: -1 },
            { name: 'leaderEpoch', type: 'int32', versions: '4+', default: -1 },
          ],
        },
      ],
    },
  ],
} as const
export type ListOffsetsRequest = Body<typeof listOffsets.request>
export type ListOffsetsResponse = Body<typeof listOffsets.response>

/** OffsetForLeaderEpoch: finds where a leader epoch ended. */
export const offsetForLeaderEpoch = {
  name: 'OffsetForLeaderEpoch',
  key: 23,
  versions: '2-4',
  flexible: '4+',
  request: [
    { name: 'replicaId', type: 'int32', versions: '3+', default: -2, ignorable: true },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'topic', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partition', type: 'int32' },
            { name: 'currentLeaderEpoch', type: 'int32', default: -1 },
            { name: 'leaderEpoch', type: 'int32' },
          ],
        },
      ],
    },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'topic', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'errorCode', type: 'int16' },
            { name: 'partition', type: 'int32' },
            { name: 'leaderEpoch', type: 'int32', default: -1 },
            { name: 'endOffset', type: 'int64', default: -1 },
          ],
        },
      ],
    },
  ],
} as const
export type OffsetForLeaderEpochRequest = Body<typeof offsetForLeaderEpoch.request>
export type OffsetForLeaderEpochResponse = Body<typeof offsetForLeaderEpoch.response>

/** InitProducerId: gives an idempotent producer its id and epoch. Capped at 5: 6 exists only on brokers with unstable versions switched on. */
export const initProducerId = {
  name: 'InitProducerId',
  key: 22,
  versions: '0-5',
  flexible: '2+',
  request: [
    { name: 'transactionalId', type: 'string', nullable: true },
    { name: 'transactionTimeoutMs', type: 'int32' },
    { name: 'producerId', type: 'bigint', versions: '3+', default: -1n },
    { name: 'producerEpoch', type: 'int16', versions: '3+', default: -1 },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    { name: 'errorCode', type: 'int16' },
    { name: 'producerId', type: 'bigint', default: -1n },
    { name: 'producerEpoch', type: 'int16' },
  ],
} as const
export type InitProducerIdRequest = Body<typeof initProducerId.request>
export type InitProducerIdResponse = Body<typeof initProducerId.response>
