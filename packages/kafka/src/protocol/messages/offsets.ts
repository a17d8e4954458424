// Messages about the offsets of groups. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** OffsetCommit: stores the offsets of a group. Capped at 9: 10 names topics by id. */
export const offsetCommit = {
  name: 'OffsetCommit',
  key: 8,
  versions: '2-9',
  flexible: '8+',
  request: [
    { name: 'groupId', type: 'string' },
    { name: 'generationIdOrMemberEpoch', type: 'int32', default: -1 },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '7+', nullable: true, default: null },
    { name: 'retentionTimeMs', type: 'int64', versions: '2-4', default: -1, ignorable: true },
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
            { name: 'committedOffset', type: 'int64' },
            { name: 'committedLeaderEpoch', type: 'int32', versions: '6+', default: -1, ignorable: true },
            { name: 'committedMetadata', type: 'string', nullable: true },
          ],
        },
      ],
    },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', default: 0, ignorable: true },
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
          ],
        },
      ],
    },
  ],
} as const
export type OffsetCommitRequest = Body<typeof offsetCommit.request>
export type OffsetCommitResponse = Body<typeof offsetCommit.response>

/** OffsetFetch: reads the stored offsets of groups. Capped at 9: 10 names topics by id. */
export const offsetFetch = {
  name: 'OffsetFetch',
  key: 9,
  versions: '1-9',
  flexible: '6+',
  request: [
    {
      name: 'groups',
      type: '[]struct',
      versions: '8+',
      fields: [
        { name: 'groupId', type: 'string' },
        { name: 'memberId', type: 'string', versions: '9+', nullable: true, default: null, ignorable: true },
        { name: 'memberEpoch', type: 'int32', versions: '9+', default: -1, ignorable: true },
        {
          name: 'topics',
          type: '[]struct',
          nullable: true,
          fields: [
            { name: 'name', type: 'string' },
            { name: 'partitionIndexes', type: '[]int32' },
          ],
        },
      ],
    },
    { name: 'groupId', type: 'string', versions: '1-7' },
    {
      name: 'topics',
      type: '[]struct',
      versions: '1-7',
      nullable: '2-7',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'partitionIndexes', type: '[]int32' },
      ],
    },
    { name: 'requireStable', type: 'boolean', versions: '7+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '3+', default: 0, ignorable: true },
    {
      name: 'groups',
      type: '[]struct',
      versions: '8+',
      fields: [
        { name: 'groupId', type: 'string' },
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
                { name: 'committedOffset', type: 'int64' },
                { name: 'committedLeaderEpoch', type: 'int32', default: -1 },
                { name: 'metadata', type: 'string', nullable: true },
                { name: 'errorCode', type: 'int16' },
              ],
            },
          ],
        },
        { name: 'errorCode', type: 'int16' },
      ],
    },
    {
      name: 'topics',
      type: '[]struct',
      versions: '1-7',
      fields: [
        { name: 'name', type: 'string' },
        {
          name: 'partitions',
          type: '[]struct',
          fields: [
            { name: 'partitionIndex', type: 'int32' },
            { name: 'committedOffset', type: 'int64' },
            { name: 'committedLeaderEpoch', type: 'int32', versions: '5+', default: -1, ignorable: true },
            { name: 'metadata', type: 'string', nullable: true },
            { name: 'errorCode', type: 'int16' },
          ],
        },
      ],
    },
    { name: 'errorCode', type: 'int16', versions: '2-7', ignorable: true },
  ],
} as const
export type OffsetFetchRequest = Body<typeof offsetFetch.request>
export type OffsetFetchResponse = Body<typeof offsetFetch.response>

/** OffsetDelete: forgets stored offsets of a group. */
export const offsetDelete = {
  name: 'OffsetDelete',
  key: 47,
  versions: '0',
  flexible: 'none',
  request: [
    { name: 'groupId', type: 'string' },
    {
      name: 'topics',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'partitions', type: '[]struct', fields: [{ name: 'partitionIndex', type: 'int32' }] },
      ],
    },
  ],
  response: [
    { name: 'errorCode', type: 'int16' },
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
            { name: 'errorCode', type: 'int16' },
          ],
        },
      ],
    },
  ],
} as const
export type OffsetDeleteRequest = Body<typeof offsetDelete.request>
export type OffsetDeleteResponse = Body<typeof offsetDelete.response>
