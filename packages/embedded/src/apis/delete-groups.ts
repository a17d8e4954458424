import type { Handler } from './handler.ts'

/** Deletes groups that nobody is in, with their offsets. */
export const handleDeleteGroups: Handler<'DeleteGroups'> = (broker, request) => ({
  results: request.groupsNames.map((groupId) => ({ groupId, errorCode: broker.groups.delete(groupId) })),
})
