// Messages that administer topics. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** CreateTopics: creates topics. */
export const createTopics = {
  name: 'CreateTopics',
  key: 19,
  versions: '2-7',
  flexible: '5+',
  request: [
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'numPartitions', type: 'int32' },
        { name: 'replicationFactor', type: 'int16' },
        {
          name: 'assignments',
          type: '[]struct',
          fields: [
            { name: 'partitionIndex', type: 'int32' },
            { name: 'brokerIds', type: '[]int32' },
          ],
        },
        {
          name: 'configs',
          type: '[]struct',
          fields: [
            { name: 'name', type: 'string' },
            { name: 'value', type: 'string', nullable: true },
          ],
        },
      ],
    },
    { name: 'timeoutMs', type: 'int32', default: 60000 },
    { name: 'validateOnly', type: 'boolean' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'topicId', type: 'uuid', versions: '7+', ignorable: true },
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', nullable: true },
        { name: 'numPartitions', type: 'int32', versions: '5+', default: -1, ignorable: true },
        { name: 'replicationFactor', type: 'int16', versions: '5+', default: -1, ignorable: true },
        {
          name: 'configs',
          type: '[]struct',
          versions: '5+',
          nullable: true,
          ignorable: true,
          fields: [
            { name: 'name', type: 'string' },
            { name: 'value', type: 'string', nullable: true },
            { name: 'readOnly', type: 'boolean' },
            { name: 'configSource', type: 'int8', default: -1 },
            { name: 'isSensitive', type: 'boolean' },
          ],
        },
        { name: 'topicConfigErrorCode', type: 'int16', versions: '5+', tag: 0, ignorable: true },
      ],
    },
  ],
} as const
export type CreateTopicsRequest = Body<typeof createTopics.request>
export type CreateTopicsResponse = Body<typeof createTopics.response>

/** DeleteTopics: deletes topics, by name or by id. */
export const deleteTopics = {
  name: 'DeleteTopics',
  key: 20,
  versions: '1-6',
  flexible: '4+',
  request: [
    {
      name: 'topics',
      type: '[]struct',
      versions: '6+',
      fields: [
        { name: 'name', type: 'string', nullable: true, default: null },
        { name: 'topicId', type: 'uuid' },
      ],
    },
    { name: 'topicNames', type: '[]string', versions: '1-5', ignorable: true },
    { name: 'timeoutMs', type: 'int32' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'responses',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string', nullable: '6+' },
        { name: 'topicId', type: 'uuid', versions: '6+', ignorable: true },
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
      ],
    },
  ],
} as const
export type DeleteTopicsRequest = Body<typeof deleteTopics.request>
export type DeleteTopicsResponse = Body<typeof deleteTopics.response>

/** CreatePartitions: adds partitions to topics. */
export const createPartitions = {
  name: 'CreatePartitions',
  key: 37,
  versions: '0-3',
  flexible: '2+',
  request: [
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'count', type: 'int32' },
        { name: 'assignments', type: '[]struct', nullable: true, fields: [{ name: 'brokerIds', type: '[]int32' }] },
      ],
    },
    { name: 'timeoutMs', type: 'int32' },
    { name: 'validateOnly', type: 'boolean' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'results',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', nullable: true, default: null },
      ],
    },
  ],
} as const
export type CreatePartitionsRequest = Body<typeof createPartitions.request>
export type CreatePartitionsResponse = Body<typeof createPartitions.response>

/** DeleteRecords: deletes the records before an offset. */
export const deleteRecords = {
  name: 'DeleteRecords',
  key: 21,
  versions: '0-2',
  flexible: '2+',
  request: [
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
            { name: 'offset', type: 'int64' },
          ],
        },
      ],
    },
    { name: 'timeoutMs', type: 'int32' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
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
            { name: 'lowWatermark', type: 'int64' },
            { name: 'errorCode', type: 'int16' },
          ],
        },
      ],
    },
  ],
} as const
export type DeleteRecordsRequest = Body<typeof deleteRecords.request>
export type DeleteRecordsResponse = Body<typeof deleteRecords.response>
