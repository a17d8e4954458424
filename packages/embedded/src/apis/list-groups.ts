import { errorCode } from '@sluice/kafka/protocol'
import type { Handler } from './handler.ts'

/** All groups, or those in the states and of the types that are named. Every group here is a classic one. */
export const handleListGroups: Handler<'ListGroups'> = (broker, request) => {
  const states = lowerCased(request.statesFilter)
  const types = lowerCased(request.typesFilter)
  const isWanted = (filter: ReadonlySet<string>, value: string): boolean =>
    filter.size === 0 || filter.has(value.toLowerCase())
  return {
    errorCode: errorCode.NONE,
    groups: broker.groups
      .all()
      .filter((group) => isWanted(states, group.state) && isWanted(types, 'classic'))
      .map((group) => ({
        groupId: group.groupId,
        protocolType: group.protocolType ?? '',
        groupState: group.state,
        groupType: 'classic',
      })),
  }
}

function lowerCased(filter: readonly string[]): Set<string> {
  return new Set(filter.map((value) => value.toLowerCase()))
}
