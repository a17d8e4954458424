import { describe, expect, test } from 'vitest'
import {
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
} from './consumer-protocol.ts'

const subscription = {
  topics: ['a', 'ü'],
  userData: Buffer.from('u'),
  ownedPartitions: [{ topic: 'a', partitions: [0, 2] }],
  generationId: 9,
  rackId: 'r',
}

describe('the bytes of the consumer protocol', () => {
  test('are a version and the fields of that version', () => {
    expect(encodeConsumerSubscription(subscription).toString('hex')).toBe(
      '0003' +
        '00000002' +
        '000161' +
        '0002c3bc' +
        '0000000175' +
        '00000001' +
        '000161' +
        '00000002' +
        '00000000' +
        '00000002' +
        '00000009' +
        '000172',
    )
    const assignment = { assignedPartitions: [{ topic: 'a', partitions: [1] }], userData: null }
    expect(encodeConsumerAssignment(assignment, 0).toString('hex')).toBe(
      '0000' + '00000001' + '000161' + '00000001' + '00000001' + 'ffffffff',
    )
  })

  test.each([0, 1, 2, 3])('carry in version %i what that version has, and defaults for the rest', (version) => {
    expect(decodeConsumerSubscription(encodeConsumerSubscription(subscription, version))).toEqual({
      topics: subscription.topics,
      userData: subscription.userData,
      ownedPartitions: version >= 1 ? subscription.ownedPartitions : [],
      generationId: version >= 2 ? 9 : -1,
      rackId: version >= 3 ? 'r' : null,
    })
  })

  test('of a newer version are read as the newest that we know, and what follows is ignored', () => {
    const newer = Buffer.concat([encodeConsumerSubscription(subscription), Buffer.from('more')])
    newer.writeInt16BE(7, 0)
    expect(decodeConsumerSubscription(newer)).toEqual(subscription)
    const assigned = Buffer.concat([encodeConsumerAssignment({ assignedPartitions: [] }), Buffer.from('more')])
    assigned.writeInt16BE(4, 0)
    expect(decodeConsumerAssignment(assigned)).toEqual({ assignedPartitions: [], userData: null })
  })

  test('are refused with a negative version, cut, or empty', () => {
    const bytes = encodeConsumerSubscription(subscription)
    const negative = Buffer.from(bytes)
    negative.writeInt16BE(-1, 0)
    expect(() => decodeConsumerSubscription(negative)).toThrow(
      'ConsumerProtocolSubscription version 0 at byte 2: the version is -1',
    )
    expect(() => decodeConsumerSubscription(bytes.subarray(0, 8))).toThrow(
      'ConsumerProtocolSubscription version 3 at byte',
    )
    expect(() => decodeConsumerAssignment(Buffer.alloc(0))).toThrow('version needs 2 bytes, 0 are left')
    expect(() => encodeConsumerSubscription(subscription, 4)).toThrow('not a version that we speak (0 to 3)')
  })
})
