import type { GroupSnapshot } from './group-snapshot.ts'

/** What a consumer has committed for a partition. */
export interface CommittedOffset {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string
}

/** One committed offset with its place: topic, partition, offset, leader epoch, metadata. */
export type OffsetEntry = readonly [
  topic: string,
  partition: number,
  offset: number,
  leaderEpoch: number,
  metadata: string,
]

/** What is written down of groups, in the order in which it happens. */
export type GroupLogEntry =
  | { readonly type: 'commit'; readonly group: string; readonly offsets: readonly OffsetEntry[] }
  | { readonly type: 'forget'; readonly group: string; readonly partitions: readonly (readonly [string, number])[] }
  | { readonly type: 'group'; readonly group: string; readonly snapshot: GroupSnapshot }
  | { readonly type: 'delete'; readonly group: string }

/** Committed offsets by topic and partition. */
export type GroupOffsets = Map<string, Map<number, CommittedOffset>>

/** Everything that is kept of groups. */
export interface GroupLogState {
  readonly offsets: Map<string, GroupOffsets>
  readonly snapshots: Map<string, GroupSnapshot>
}

/** The state before the first entry. */
export function emptyGroupLog(): GroupLogState {
  return { offsets: new Map(), snapshots: new Map() }
}

/** Takes an entry into the state: the latest wins. */
export function applyGroupEntry(state: GroupLogState, entry: GroupLogEntry): void {
  switch (entry.type) {
    case 'commit':
      return applyCommit(state, entry.group, entry.offsets)
    case 'forget':
      return applyForget(state, entry.group, entry.partitions)
    case 'group':
      state.snapshots.set(entry.group, entry.snapshot)
      return
    case 'delete':
      state.snapshots.delete(entry.group)
      state.offsets.delete(entry.group)
      return
  }
}

/** The entries that lead to this state. */
export function* groupEntries(state: GroupLogState): Generator<GroupLogEntry, void> {
  for (const [group, snapshot] of state.snapshots) yield { type: 'group', group, snapshot }
  for (const [group, topics] of state.offsets) {
    const offsets: OffsetEntry[] = []
    for (const [topic, partitions] of topics)
      for (const [partition, o] of partitions) offsets.push([topic, partition, o.offset, o.leaderEpoch, o.metadata])
    yield { type: 'commit', group, offsets }
  }
}

function applyCommit(state: GroupLogState, group: string, offsets: readonly OffsetEntry[]): void {
  let topics = state.offsets.get(group)
  if (topics === undefined) state.offsets.set(group, (topics = new Map()))
  for (const [topic, partition, offset, leaderEpoch, metadata] of offsets) {
    let partitions = topics.get(topic)
    if (partitions === undefined) topics.set(topic, (partitions = new Map()))
    partitions.set(partition, { offset, leaderEpoch, metadata })
  }
}

function applyForget(state: GroupLogState, group: string, gone: readonly (readonly [string, number])[]): void {
  const topics = state.offsets.get(group)
  if (topics === undefined) return
  for (const [topic, partition] of gone) {
    const partitions = topics.get(topic)
    partitions?.delete(partition)
    if (partitions?.size === 0) topics.delete(topic)
  }
  if (topics.size === 0) state.offsets.delete(group)
}
