import { errorCode } from '@sluice/kafka/protocol'
import { describe, expect, it } from 'vitest'
import { GroupPlay } from '../../test/support/group-play.ts'

/** A group of these members, stable, each with its assignment. */
function stableGroup(...names: string[]): GroupPlay {
  const play = new GroupPlay()
  for (const name of names) play.join(name)
  play.advance(100)
  play.syncAll()
  return play
}

describe('entering a group', () => {
  it('gives a newcomer an id first, and lets it in under that id', () => {
    const play = new GroupPlay()
    const first = play.request({ memberId: '' })
    expect(play.joinResult(first)).toMatchObject({ errorCode: errorCode.MEMBER_ID_REQUIRED, memberId: 'new-1' })
    const second = play.request({ memberId: 'new-1' })
    play.advance(50)
    expect(play.joinResult(second)).toMatchObject({ errorCode: errorCode.NONE, generation: 1, leaderId: 'new-1' })
  })

  it('lets older clients in at once', () => {
    const play = new GroupPlay()
    const ticket = play.request({ memberId: '', requiresKnownMemberId: false })
    play.advance(50)
    expect(play.joinResult(ticket)).toMatchObject({ errorCode: errorCode.NONE, memberId: 'new-1' })
  })

  it('waits a little for company when the group was empty, longer if someone comes', () => {
    const play = new GroupPlay()
    play.join('a')
    play.advance(40)
    play.join('b')
    play.advance(40)
    expect(play.group.state).toBe('PreparingRebalance')
    play.advance(20)
    expect([play.group.state, play.group.generation, play.group.members.size]).toEqual(['CompletingRebalance', 1, 2])
  })

  it('shows all members to the leader, and only to the leader', () => {
    const play = new GroupPlay()
    const [a, b] = [play.join('a'), play.join('b')]
    play.advance(100)
    expect(play.joinResult(a)?.members.map((m) => m.memberId)).toEqual(['a', 'b'])
    expect(play.joinResult(b)?.members).toEqual([])
  })

  it('refuses session timeouts out of bounds, unknown ids, other protocol types and no common protocol', () => {
    const play = stableGroup('a')
    const refusal = (request: Parameters<GroupPlay['request']>[0]): number | undefined =>
      play.joinResult(play.request(request))?.errorCode
    expect(refusal({ memberId: '', sessionTimeoutMs: 10 })).toBe(errorCode.INVALID_SESSION_TIMEOUT)
    expect(refusal({ memberId: '', sessionTimeoutMs: 2_000_000 })).toBe(errorCode.INVALID_SESSION_TIMEOUT)
    expect(refusal({ memberId: 'nobody' })).toBe(errorCode.UNKNOWN_MEMBER_ID)
    expect(refusal({ memberId: '', protocolType: 'connect' })).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL)
    expect(refusal({ memberId: '', protocols: ['other'] })).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL)
    expect(refusal({ memberId: '', protocols: [] })).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL)
  })

  it('chooses a protocol that all know, by the vote of the members', () => {
    const play = new GroupPlay()
    play.join('a', { protocols: ['sticky', 'range'] })
    play.join('b', { protocols: ['roundrobin', 'range'] })
    play.advance(100)
    expect(play.group.protocolName).toBe('range')
  })
})

describe('a rebalance', () => {
  it('begins when a newcomer joins and ends when the others have', () => {
    const play = stableGroup('a')
    play.join('b')
    expect(play.heartbeat('a')).toBe(errorCode.REBALANCE_IN_PROGRESS)
    expect(play.group.state).toBe('PreparingRebalance')
    play.join('a')
    expect([play.group.state, play.group.generation]).toEqual(['CompletingRebalance', 2])
    play.syncAll()
    expect([play.group.state, play.heartbeat('a'), play.heartbeat('b')]).toEqual(['Stable', 0, 0])
  })

  it('goes on without members that do not join again in time', () => {
    const play = stableGroup('a', 'b')
    play.join('a')
    play.advance(30_000, ['b'])
    expect([play.group.state, [...play.group.members.keys()]]).toEqual(['CompletingRebalance', ['a']])
    expect(play.heartbeat('b')).toBe(errorCode.UNKNOWN_MEMBER_ID)
  })

  it('elects another leader when the leader has gone', () => {
    const play = stableGroup('a', 'b', 'c')
    expect(play.leave('a')).toBe(errorCode.NONE)
    play.join('c')
    play.join('b')
    expect(play.group.leaderId).toBe('b')
  })

  it('begins when a member falls silent for its session timeout', () => {
    const play = stableGroup('a', 'b')
    play.advance(10_000, ['a'])
    expect([play.group.state, [...play.group.members.keys()]]).toEqual(['PreparingRebalance', ['a']])
  })

  it('does not begin when a follower asks again for what it has', () => {
    const play = stableGroup('a', 'b')
    const ticket = play.join('b')
    expect(play.joinResult(ticket)).toMatchObject({ errorCode: 0, generation: 1, leaderId: 'a', members: [] })
    expect(play.group.state).toBe('Stable')
  })

  it('begins when the leader joins again, or a follower offers something else', () => {
    const byLeader = stableGroup('a', 'b')
    byLeader.join('a')
    expect(byLeader.group.state).toBe('PreparingRebalance')
    const byFollower = stableGroup('a', 'b')
    byFollower.join('b', { protocols: ['range', 'sticky'] })
    expect(byFollower.group.state).toBe('PreparingRebalance')
  })

  it('repeats the answer to a member whose answer was lost', () => {
    const play = new GroupPlay()
    play.join('a')
    play.join('b')
    play.advance(100)
    expect(play.joinResult(play.join('b'))).toMatchObject({ errorCode: 0, generation: 1 })
    expect(play.joinResult(play.join('a'))?.members).toHaveLength(2)
    expect(play.group.state).toBe('CompletingRebalance')
  })

  it('has a member that asks twice wait by its second request alone', () => {
    const play = stableGroup('a', 'b')
    const first = play.join('a')
    const second = play.join('a')
    expect(play.joinResult(first)?.errorCode).toBe(errorCode.REBALANCE_IN_PROGRESS)
    play.join('b')
    expect(play.joinResult(second)).toMatchObject({ errorCode: 0, generation: 2 })
  })

  it('drops members that never ask for their assignment', () => {
    const play = new GroupPlay()
    play.join('a')
    play.join('b')
    play.advance(100)
    play.sync('a')
    play.advance(30_000, ['a', 'b'])
    expect([play.group.state, [...play.group.members.keys()]]).toEqual(['PreparingRebalance', ['a']])
  })

  it('ends the generation of a leader that dies before it has assigned', () => {
    const play = new GroupPlay()
    play.join('a')
    play.join('b')
    play.advance(100)
    const waiting = play.sync('b')
    play.advance(10_000)
    expect(play.syncResult(waiting)?.errorCode).toBe(errorCode.REBALANCE_IN_PROGRESS)
    expect(play.group.leaderId).toBe('b')
  })

  it('empties the group when the last member leaves, and fences its generation', () => {
    const play = stableGroup('a')
    play.leave('a')
    expect([play.group.state, play.group.generation, play.group.members.size]).toEqual(['Empty', 2, 0])
  })

  it('waits for a member that has fetched an id, until that lapses', () => {
    const play = stableGroup('a')
    play.request({ memberId: '' })
    play.join('a')
    expect(play.group.state).toBe('PreparingRebalance')
    play.advance(10_000)
    expect(play.group.state).toBe('CompletingRebalance')
  })
})

describe('assignments', () => {
  it('reach every member when the leader brings them', () => {
    const play = new GroupPlay()
    play.join('a')
    play.join('b')
    play.advance(100)
    const b = play.sync('b')
    expect(play.syncResult(b)).toBeUndefined()
    const a = play.sync('a', { a: 'for a', b: 'for b' })
    expect(play.assignmentOf(a)).toBe('for a')
    expect(play.assignmentOf(b)).toBe('for b')
    expect(play.assignmentOf(play.sync('b'))).toBe('for b')
  })

  it('are refused to strangers, to other generations and while members still join', () => {
    const play = stableGroup('a', 'b')
    expect(play.syncResult(play.sync('nobody'))?.errorCode).toBe(errorCode.UNKNOWN_MEMBER_ID)
    expect(play.syncResult(play.sync('a', {}, 7))?.errorCode).toBe(errorCode.ILLEGAL_GENERATION)
    play.join('a')
    expect(play.syncResult(play.sync('b'))?.errorCode).toBe(errorCode.REBALANCE_IN_PROGRESS)
  })
})

describe('commits', () => {
  it('are allowed to members of the generation, and to nobody else while there are any', () => {
    const play = stableGroup('a')
    expect(play.commit('a', 1)).toBe(errorCode.NONE)
    expect(play.commit('a', 0)).toBe(errorCode.ILLEGAL_GENERATION)
    expect(play.commit('b', 1)).toBe(errorCode.UNKNOWN_MEMBER_ID)
    expect(play.commit('', -1)).toBe(errorCode.UNKNOWN_MEMBER_ID)
  })

  it('are allowed while a rebalance is prepared, and not between it and the assignment', () => {
    const play = stableGroup('a', 'b')
    play.join('a')
    expect(play.commit('b', 1)).toBe(errorCode.NONE)
    play.join('b')
    expect(play.commit('b', 2)).toBe(errorCode.REBALANCE_IN_PROGRESS)
  })

  it('are allowed without a generation while the group is empty', () => {
    const play = new GroupPlay()
    expect(play.commit('', -1)).toBe(errorCode.NONE)
    const left = stableGroup('a')
    left.leave('a')
    expect(left.commit('', -1)).toBe(errorCode.NONE)
    expect(left.commit('a', 1)).toBe(errorCode.UNKNOWN_MEMBER_ID)
  })
})

describe('static members', () => {
  it('come back under a new id without a rebalance, and the old id is fenced', () => {
    const play = new GroupPlay()
    play.request({ memberId: '', instanceId: 'i1' })
    play.join('b')
    play.advance(100)
    play.syncAll()
    const back = play.request({ memberId: '', instanceId: 'i1' })
    expect(play.joinResult(back)).toMatchObject({
      errorCode: 0,
      generation: 1,
      leaderId: 'new-2',
      skipAssignment: true,
    })
    expect(play.group.state).toBe('Stable')
    expect(play.heartbeat('new-1', 'i1')).toBe(errorCode.FENCED_INSTANCE_ID)
    expect(play.heartbeat('new-2', 'i1')).toBe(errorCode.NONE)
  })

  it('keep their place over a rebalance until their session ends', () => {
    const play = new GroupPlay()
    play.request({ memberId: '', instanceId: 'i1', sessionTimeoutMs: 60_000 })
    play.join('b')
    play.advance(100)
    play.syncAll()
    play.join('c')
    play.join('b')
    play.advance(30_000, ['b', 'c'])
    expect([...play.group.members.keys()]).toEqual(['new-1', 'b', 'c'])
    play.advance(30_000, ['b', 'c'])
    expect([...play.group.members.keys()]).toEqual(['b', 'c'])
  })

  it('leave by their instance id', () => {
    const play = new GroupPlay()
    play.request({ memberId: '', instanceId: 'i1' })
    play.advance(50)
    expect(play.leave('', 'i1')).toBe(errorCode.NONE)
    expect(play.leave('', 'i1')).toBe(errorCode.UNKNOWN_MEMBER_ID)
    expect(play.group.state).toBe('Empty')
  })

  it('begin a rebalance when they come back with something else to offer', () => {
    const play = new GroupPlay()
    play.request({ memberId: '', instanceId: 'i1' })
    play.advance(50)
    play.syncAll()
    play.request({ memberId: '', instanceId: 'i1', metadata: 'other topics' })
    expect(play.group.state).toBe('CompletingRebalance')
    expect(play.group.generation).toBe(2)
  })
})
