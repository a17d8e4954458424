// Messages of group membership. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** FindCoordinator: finds the broker that coordinates a group or a transaction. */
export const findCoordinator = {
  name: 'FindCoordinator',
  key: 10,
  versions: '0-6',
  flexible: '3+',
  request: [
    { name: 'key', type: 'string', versions: '0-3' },
    { name: 'keyType', type: 'int8', versions: '1+' },
    { name: 'coordinatorKeys', type: '[]string', versions: '4+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    {
      name: 'coordinators',
      type: '[]struct',
      versions: '4+',
      fields: [
        { name: 'key', type: 'string' },
        { name: 'nodeId', type: 'int32' },
        { name: 'host', type: 'string' },
        { name: 'port', type: 'int32' },
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', nullable: true },
      ],
    },
    { name: 'errorCode', type: 'int16', versions: '0-3' },
    { name: 'errorMessage', type: 'string', versions: '1-3', nullable: true, ignorable: true },
    { name: 'nodeId', type: 'int32', versions: '0-3' },
    { name: 'host', type: 'string', versions: '0-3' },
    { name: 'port', type: 'int32', versions: '0-3' },
  ],
} as const
export type FindCoordinatorRequest = Body<typeof findCoordinator.request>
export type FindCoordinatorResponse = Body<typeof findCoordinator.response>

/** JoinGroup: enters a group and its next generation. */
export const joinGroup = {
  name: 'JoinGroup',
  key: 11,
  versions: '0-9',
  flexible: '6+',
  request: [
    { name: 'groupId', type: 'string' },
    { name: 'sessionTimeoutMs', type: 'int32' },
    { name: 'rebalanceTimeoutMs', type: 'int32', versions: '1+', default: -1, ignorable: true },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '5+', nullable: true, default: null },
    { name: 'protocolType', type: 'string' },
    {
      name: 'protocols',
      type: '[]struct',
      fields: [
        { name: 'name', type: 'string' },
        { name: 'metadata', type: 'bytes' },
      ],
    },
    { name: 'reason', type: 'string', versions: '8+', nullable: true, default: null, ignorable: true },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '2+', default: 0, ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'generationId', type: 'int32', default: -1 },
    { name: 'protocolType', type: 'string', versions: '7+', nullable: true, default: null, ignorable: true },
    { name: 'protocolName', type: 'string', nullable: '7+' },
    { name: 'leader', type: 'string' },
    { name: 'skipAssignment', type: 'boolean', versions: '9+' },
    { name: 'memberId', type: 'string' },
    {
      name: 'members',
      type: '[]struct',
      fields: [
        { name: 'memberId', type: 'string' },
        { name: 'groupInstanceId', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
        { name: 'metadata', type: 'bytes' },
      ],
    },
  ],
} as const
export type JoinGroupRequest = Body<typeof joinGroup.request>
export type JoinGroupResponse = Body<typeof joinGroup.response>

/** SyncGroup: hands out the assignments of a generation. */
export const syncGroup = {
  name: 'SyncGroup',
  key: 14,
  versions: '0-5',
  flexible: '4+',
  request: [
    { name: 'groupId', type: 'string' },
    { name: 'generationId', type: 'int32' },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: true, default: null },
    { name: 'protocolType', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
    { name: 'protocolName', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
    {
      name: 'assignments',
      type: '[]struct',
      fields: [
        { name: 'memberId', type: 'string' },
        { name: 'assignment', type: 'bytes' },
      ],
    },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    { name: 'errorCode', type: 'int16' },
    { name: 'protocolType', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
    { name: 'protocolName', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
    { name: 'assignment', type: 'bytes' },
  ],
} as const
export type SyncGroupRequest = Body<typeof syncGroup.request>
export type SyncGroupResponse = Body<typeof syncGroup.response>

/** Heartbeat: tells the coordinator that a member is alive. */
export const heartbeat = {
  name: 'Heartbeat',
  key: 12,
  versions: '0-4',
  flexible: '4+',
  request: [
    { name: 'groupId', type: 'string' },
    { name: 'generationId', type: 'int32' },
    { name: 'memberId', type: 'string' },
    { name: 'groupInstanceId', type: 'string', versions: '3+', nullable: true, default: null },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    { name: 'errorCode', type: 'int16' },
  ],
} as const
export type HeartbeatRequest = Body<typeof heartbeat.request>
export type HeartbeatResponse = Body<typeof heartbeat.response>

/** LeaveGroup: takes members out of a group. */
export const leaveGroup = {
  name: 'LeaveGroup',
  key: 13,
  versions: '0-5',
  flexible: '4+',
  request: [
    { name: 'groupId', type: 'string' },
    {
      name: 'members',
      type: '[]struct',
      versions: '3+',
      fields: [
        { name: 'memberId', type: 'string' },
        { name: 'groupInstanceId', type: 'string', nullable: true, default: null },
        { name: 'reason', type: 'string', versions: '5+', nullable: true, default: null, ignorable: true },
      ],
    },
    { name: 'memberId', type: 'string', versions: '0-2' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    { name: 'errorCode', type: 'int16' },
    {
      name: 'members',
      type: '[]struct',
      versions: '3+',
      fields: [
        { name: 'memberId', type: 'string' },
        { name: 'groupInstanceId', type: 'string', nullable: true },
        { name: 'errorCode', type: 'int16' },
      ],
    },
  ],
} as const
export type LeaveGroupRequest = Body<typeof leaveGroup.request>
export type LeaveGroupResponse = Body<typeof leaveGroup.response>
