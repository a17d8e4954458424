// What members of a consumer group tell each other through the coordinator. The bytes are an int16 version, then the
// struct of that version. Never flexible.

import type { Body, BodyInput } from '../field-spec.ts'

/** What a member of a consumer group wants and has: its metadata in JoinGroup. */
export const consumerSubscription = {
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  fields: [
    { name: 'topics', type: '[]string' },
    { name: 'userData', type: 'bytes', nullable: true, default: null },
    {
      name: 'ownedPartitions',
      type: '[]struct',
      versions: '1+',
      ignorable: true,
      fields: [
        { name: 'topic', type: 'string' },
        { name: 'partitions', type: '[]int32' },
      ],
    },
    { name: 'generationId', type: 'int32', versions: '2+', default: -1, ignorable: true },
    { name: 'rackId', type: 'string', versions: '3+', nullable: true, default: null, ignorable: true },
  ],
} as const
export type ConsumerSubscription = Body<typeof consumerSubscription.fields>
export type ConsumerSubscriptionInput = BodyInput<typeof consumerSubscription.fields>

/** What the leader gives to a member of a consumer group: its bytes in SyncGroup. */
export const consumerAssignment = {
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  fields: [
    {
      name: 'assignedPartitions',
      type: '[]struct',
      fields: [
        { name: 'topic', type: 'string' },
        { name: 'partitions', type: '[]int32' },
      ],
    },
    { name: 'userData', type: 'bytes', nullable: true, default: null },
  ],
} as const
export type ConsumerAssignment = Body<typeof consumerAssignment.fields>
export type ConsumerAssignmentInput = BodyInput<typeof consumerAssignment.fields>
