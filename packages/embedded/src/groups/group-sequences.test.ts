import { errorCode } from '@sluice/kafka/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GroupPlay } from '../../test/support/group-play.ts'
import { nextDeadline } from './expire-group.ts'
import { restoreGroup, snapshotGroup } from './group-snapshot.ts'

type Command =
  | { readonly do: 'fetch-id' | 'fetch-id-static'; readonly who: number }
  | { readonly do: 'join' | 'sync' | 'heartbeat' | 'commit' | 'leave' | 'rejoin-otherwise'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number }

const who = fc.nat(4)
const act = (name: Exclude<Command['do'], 'wait'>): fc.Arbitrary<Command> => who.map((w) => ({ do: name, who: w }))
const command: fc.Arbitrary<Command> = fc.oneof(
  act('fetch-id'),
  act('fetch-id-static'),
  { weight: 4, arbitrary: act('join') },
  { weight: 4, arbitrary: act('sync') },
  { weight: 2, arbitrary: act('heartbeat') },
  act('commit'),
  act('leave'),
  act('rejoin-otherwise'),
  {
    weight: 3,
    arbitrary: fc.oneof(fc.nat(200), fc.nat(6_000), fc.nat(12_000)).map((ms): Command => ({ do: 'wait', ms })),
  },
)

/** Whoever is in the group, or has an id for it, by number; strangers too. */
function pick(play: GroupPlay, number: number): string {
  const known = [...play.group.members.keys(), ...play.group.pendingMembers.keys()]
  return known[number] ?? 'stranger'
}

// A static member may then outlive the rebalance that it misses.
const impatient = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 4_000 }

function perform(play: GroupPlay, c: Command): void {
  if (c.do === 'wait') return play.advance(c.ms)
  const name = pick(play, c.who)
  const instanceId = play.group.members.get(name)?.instanceId ?? null
  const asInstance = instanceId === null ? {} : { instanceId }
  switch (c.do) {
    case 'fetch-id':
      return void play.request({ memberId: '' })
    case 'fetch-id-static':
      return void play.request({ ...impatient, memberId: '', instanceId: `i${c.who}` })
    case 'join':
      return void play.request({ ...impatient, memberId: name, ...asInstance })
    case 'rejoin-otherwise':
      return void play.request({ memberId: name, ...asInstance, protocols: ['range', 'sticky'], metadata: 'other' })
    case 'sync':
      return void play.sync(name, Object.fromEntries([...play.group.members.keys()].map((m) => [m, `work of ${m}`])))
    case 'heartbeat':
      return void play.heartbeat(name, instanceId)
    case 'commit':
      return void play.commit(name, play.group.generation)
    case 'leave':
      return void play.leave(name, instanceId)
  }
}

/** While assignments are due, someone has been told to make them, and is still there. */
function checkLeader({ group, answers }: GroupPlay): void {
  if (group.state !== 'CompletingRebalance') return
  const told = [...answers.values()].some(
    (a) => 'members' in a && a.generation === group.generation && a.memberId === group.leaderId && a.members.length > 0,
  )
  expect(told).toBe(true)
}

function checkState(game: GroupPlay): void {
  const { group, unasked, waiting } = game
  const members = [...group.members.values()]
  expect(unasked).toEqual([])
  if (group.state === 'Empty') expect([members.length, group.protocolName, group.joinDeadline]).toEqual([0, null, null])
  if (group.state === 'PreparingRebalance') expect(group.joinDeadline).not.toBeNull()
  if (group.state === 'CompletingRebalance' || group.state === 'Stable') {
    expect(group.joinDeadline).toBeNull()
    expect(group.members.has(group.leaderId ?? '')).toBe(true)
    for (const member of members) expect(member.protocols.map((p) => p.name)).toContain(group.protocolName)
    for (const member of members) expect(member.joinTicket).toBeNull()
  }
  checkLeader(game)
  if (group.state !== 'CompletingRebalance') for (const member of members) expect(member.syncTicket).toBeNull()
  for (const [instanceId, memberId] of group.staticMembers)
    expect(group.members.get(memberId)?.instanceId).toBe(instanceId)
  const asked = members.flatMap((m) => [m.joinTicket, m.syncTicket]).filter((ticket) => ticket !== null)
  expect(new Set(asked)).toEqual(waiting)
  // Whatever waits will be looked at again.
  if (asked.length > 0 || members.length > 0) expect(nextDeadline(group)).not.toBeNull()
}

function play(commands: readonly Command[], check: (play: GroupPlay) => void): GroupPlay {
  const game = new GroupPlay()
  for (const c of commands) {
    perform(game, c)
    check(game)
  }
  return game
}

describe('a group, whatever its members do', () => {
  const sequences = fc.array(command, { maxLength: 60, size: 'max' })

  it('keeps its rules after every step, and its generation never goes back', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        let generation = 0
        play(commands, (game) => {
          checkState(game)
          expect(game.group.generation).toBeGreaterThanOrEqual(generation)
          generation = game.group.generation
        })
      }),
      { seed: 20, numRuns: 200 },
    )
  })

  it('tells all members of a generation the same, and its members to one of them alone', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const told = new Map<number, { leaders: Set<string>; protocols: Set<string | null> }>()
        const game = play(commands, () => {})
        for (const result of game.answers.values()) {
          if (!('generation' in result) || result.errorCode !== errorCode.NONE) continue
          const of = told.get(result.generation) ?? { leaders: new Set(), protocols: new Set() }
          told.set(result.generation, of)
          if (result.members.length > 0) expect(result.leaderId).toBe(result.memberId)
          if (result.members.length > 0) of.leaders.add(result.memberId.startsWith('new') ? 'leader' : result.memberId)
          of.protocols.add(result.protocolName)
        }
        for (const { leaders, protocols } of told.values()) {
          expect(leaders.size).toBeLessThanOrEqual(1)
          expect(protocols.size).toBe(1)
        }
      }),
      { seed: 21, numRuns: 200 },
    )
  })

  it('hands out no assignment but the one that the leader made for that member', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const game = play(commands, () => {})
        for (const member of game.group.members.values())
          expect(['', `work of ${member.memberId}`]).toContain(
            member.instanceId === null ? Buffer.from(member.assignment).toString() : '',
          )
      }),
      { seed: 22, numRuns: 100 },
    )
  })

  it('answers everyone and ends empty when nobody is heard of any more', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const game = play(commands, () => {})
        game.advance(700_000)
        expect([game.group.state, game.waiting.size, game.group.pendingMembers.size]).toEqual(['Empty', 0, 0])
        expect(nextDeadline(game.group)).toBeNull()
      }),
      { seed: 23, numRuns: 100 },
    )
  })

  it('settles when all members do what they are told', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const game = play(commands, () => {})
        for (let round = 0; round < 40 && game.group.state !== 'Stable' && game.group.members.size > 0; round++) {
          for (const [name, member] of game.group.members) {
            if (member.joinTicket !== null || member.syncTicket !== null) continue
            const instance = member.instanceId === null ? {} : { instanceId: member.instanceId }
            if (game.heartbeat(name, member.instanceId) === errorCode.REBALANCE_IN_PROGRESS)
              game.request({ memberId: name, ...instance })
            else game.sync(name)
          }
          game.advance(5_000, [...game.group.members.keys()])
          checkState(game)
        }
        expect(['Stable', 'Empty', 'PreparingRebalance']).toContain(game.group.state)
        if (game.group.state === 'PreparingRebalance') expect(game.group.members.size).toBe(0)
      }),
      { seed: 24, numRuns: 100 },
    )
  })

  it('is the same after having been written down and read again', () => {
    fc.assert(
      fc.property(sequences, (commands) => {
        const { group, now } = play(commands, () => {})
        if (group.state !== 'Stable') return
        const again = restoreGroup('g', JSON.parse(JSON.stringify(snapshotGroup(group))), now)
        expect(snapshotGroup(again)).toEqual(snapshotGroup(group))
        expect([again.state, again.leaderId, again.generation]).toEqual(['Stable', group.leaderId, group.generation])
        expect(again.staticMembers).toEqual(group.staticMembers)
      }),
      { seed: 25, numRuns: 100 },
    )
  })
})
