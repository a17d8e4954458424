// Messages that administer groups. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** DescribeGroups: state and members of groups. Capped at 5: 6 answers an unknown group with an error, where 5 and below call it Dead. */
export const describeGroups = {
  name: 'DescribeGroups',
  key: 15,
  versions: '0-5',
  flexible: '5+',
  request: [
    { name: 'groups', type: '[]string' },
    { name: 'includeAuthorizedOperations', type: 'boolean', versions: '3+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    {
      name: 'groups',
      type: '[]struct',
      fields: [
        { name: 'errorCode', type: 'int16' },
        { name: 'groupId', type: 'string' },
        { name: 'groupState', type: 'string' },
        { name: 'protocolType', type: 'string' },
        { name: 'protocolData', type: 'string' },
        {
          name: 'members',
          type: '[]struct',
          fields: [
            { name: 'memberId', type: 'string' },
            { name: 'groupInstanceId', type: 'string', versions: '4+', nullable: true, default: null, ignorable: true },
            { name: 'clientId', type: 'string' },
            { name: 'clientHost', type: 'string' },
            { name: 'memberMetadata', type: 'bytes' },
            { name: 'memberAssignment', type: 'bytes' },
          ],
        },
        { name: 'authorizedOperations', type: 'int32', versions: '3+', default: -2147483648 },
      ],
    },
  ],
} as const
export type DescribeGroupsRequest = Body<typeof describeGroups.request>
export type DescribeGroupsResponse = Body<typeof describeGroups.response>

/** ListGroups: the groups of one broker. */
export const listGroups = {
  name: 'ListGroups',
  key: 16,
  versions: '0-5',
  flexible: '3+',
  request: [
    { name: 'statesFilter', type: '[]string', versions: '4+' },
    { name: 'typesFilter', type: '[]string', versions: '5+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', versions: '1+', default: 0, ignorable: true },
    { name: 'errorCode', type: 'int16' },
    {
      name: 'groups',
      type: '[]struct',
      fields: [
        { name: 'groupId', type: 'string' },
        { name: 'protocolType', type: 'string' },
        { name: 'groupState', type: 'string', versions: '4+', ignorable: true },
        { name: 'groupType', type: 'string', versions: '5+', ignorable: true },
      ],
    },
  ],
} as const
export type ListGroupsRequest = Body<typeof listGroups.request>
export type ListGroupsResponse = Body<typeof listGroups.response>

/** DeleteGroups: removes empty groups. */
export const deleteGroups = {
  name: 'DeleteGroups',
  key: 42,
  versions: '0-2',
  flexible: '2+',
  request: [{ name: 'groupsNames', type: '[]string' }],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'results',
      type: '[]struct',
      fields: [
        { name: 'groupId', type: 'string' },
        { name: 'errorCode', type: 'int16' },
      ],
    },
  ],
} as const
export type DeleteGroupsRequest = Body<typeof deleteGroups.request>
export type DeleteGroupsResponse = Body<typeof deleteGroups.response>
