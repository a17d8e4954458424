import { errorCode, type Messages } from '@sluice/kafka/protocol'
import type { Broker } from '../broker.ts'
import { metadataFor, noBytes } from '../groups/group.ts'
import type { Handler } from './handler.ts'

type GroupAnswer = Messages['DescribeGroups']['responseInput']['groups'][number]

/** State and members of groups. A group that does not exist is `Dead`, without an error, as in Kafka up to version 5. */
export const handleDescribeGroups: Handler<'DescribeGroups'> = (broker, request) => ({
  groups: request.groups.map((groupId) => describeGroup(broker, groupId)),
})

function describeGroup(broker: Broker, groupId: string): GroupAnswer {
  const group = broker.groups.get(groupId)
  if (group === undefined)
    return {
      errorCode: errorCode.NONE,
      groupId,
      groupState: 'Dead',
      protocolType: '',
      protocolData: '',
      members: [],
    }
  const isStable = group.state === 'Stable'
  return {
    errorCode: errorCode.NONE,
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: isStable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? metadataFor(member, group.protocolName) : noBytes,
      memberAssignment: isStable ? member.assignment : noBytes,
    })),
  }
}
