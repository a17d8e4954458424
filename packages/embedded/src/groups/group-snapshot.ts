import { createGroup, type Group, type Member } from './group.ts'

/** A group between two rebalances, as it is kept: bytes in base64. */
export interface GroupSnapshot {
  readonly generation: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leaderId: string | null
  readonly members: readonly MemberSnapshot[]
}

interface MemberSnapshot {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocols: readonly { readonly name: string; readonly metadata: string }[]
  readonly assignment: string
}

/** What has to be kept of a group so that its members go on undisturbed after a restart of the broker. */
export function snapshotGroup(group: Group): GroupSnapshot {
  return {
    generation: group.generation,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leaderId: group.leaderId,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      sessionTimeoutMs: member.sessionTimeoutMs,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      protocols: member.protocols.map((p) => ({ name: p.name, metadata: toBase64(p.metadata) })),
      assignment: toBase64(member.assignment),
    })),
  }
}

/** The group as it was kept. Its members have a whole session to be heard of again. */
export function restoreGroup(groupId: string, snapshot: GroupSnapshot, now: number): Group {
  const group = createGroup(groupId, now)
  group.generation = snapshot.generation
  group.protocolType = snapshot.protocolType
  group.protocolName = snapshot.protocolName
  group.leaderId = snapshot.leaderId
  group.state = snapshot.members.length === 0 ? 'Empty' : 'Stable'
  for (const kept of snapshot.members) {
    const member = restoreMember(kept, now)
    group.members.set(member.memberId, member)
    if (member.instanceId !== null) group.staticMembers.set(member.instanceId, member.memberId)
  }
  return group
}

function restoreMember(kept: MemberSnapshot, now: number): Member {
  return {
    memberId: kept.memberId,
    instanceId: kept.instanceId,
    clientId: kept.clientId,
    clientHost: kept.clientHost,
    sessionTimeoutMs: kept.sessionTimeoutMs,
    rebalanceTimeoutMs: kept.rebalanceTimeoutMs,
    protocols: kept.protocols.map((p) => ({ name: p.name, metadata: Buffer.from(p.metadata, 'base64') })),
    assignment: Buffer.from(kept.assignment, 'base64'),
    joinTicket: null,
    syncTicket: null,
    hasSynced: true,
    isNew: false,
    sessionDeadline: now + kept.sessionTimeoutMs,
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
