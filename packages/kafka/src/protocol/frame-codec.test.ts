import { describe, expect, test } from 'vitest'
import {
  correlationIdOf,
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeRequestParts,
  encodeResponse,
  encodeResponseParts,
} from './frame-codec.ts'

const header = { correlationId: 77, clientId: 'sluice' }

describe('a request', () => {
  test('has its size, key, version, correlation id and client id in front of the body', () => {
    const frame = encodeRequest('Heartbeat', 3, header, { groupId: 'g', generationId: 5, memberId: 'm' })
    expect(frame.toString('hex')).toBe(
      '0000001c' + '000c' + '0003' + '0000004d' + '0006736c75696365' + '000167' + '00000005' + '00016d' + 'ffff',
    )
    const read = decodeRequestHeader(frame.subarray(4))
    expect(read).toEqual({ apiKey: 12, apiVersion: 3, correlationId: 77, clientId: 'sluice', bodyOffset: 16 })
    expect(decodeRequest('Heartbeat', 3, frame.subarray(4), read.bodyOffset)).toEqual({
      groupId: 'g',
      generationId: 5,
      memberId: 'm',
      groupInstanceId: null,
    })
  })

  test('of a flexible version has tagged fields after a client id that is not compact', () => {
    const frame = encodeRequest('ApiVersions', 3, header, { clientSoftwareName: 'a', clientSoftwareVersion: 'b' })
    expect(frame.subarray(4).toString('hex')).toBe(
      '0012' + '0003' + '0000004d' + '0006736c75696365' + '00' + '02610262' + '00',
    )
    const tagged = Buffer.from('00120003' + '0000004d' + 'ffff' + '01' + '0903aabbcc' + '02610262' + '00', 'hex')
    const read = decodeRequestHeader(tagged)
    expect(read.clientId).toBeNull()
    expect(decodeRequest('ApiVersions', 3, tagged, read.bodyOffset).clientSoftwareVersion).toBe('b')
  })

  test('of an API or a version that we do not speak still yields its header', () => {
    const unknownKey = Buffer.from('7fff0000' + '00000001' + 'ffff', 'hex')
    expect(decodeRequestHeader(unknownKey)).toMatchObject({ apiKey: 0x7fff, correlationId: 1, bodyOffset: -1 })
    const unknownVersion = Buffer.from('00120009' + '00000001' + 'ffff' + '00', 'hex')
    expect(decodeRequestHeader(unknownVersion)).toMatchObject({ apiKey: 18, apiVersion: 9, bodyOffset: -1 })
  })

  test('with bytes after its body is refused', () => {
    const frame = encodeRequest('OffsetDelete', 0, header, { groupId: 'g', topics: [] }).subarray(4)
    const longer = Buffer.concat([frame, Buffer.of(0)])
    const { bodyOffset } = decodeRequestHeader(longer)
    expect(() => decodeRequest('OffsetDelete', 0, longer, bodyOffset)).toThrow('OffsetDelete request version 0 at byte')
  })

  test('in a version outside our range is refused on both sides', () => {
    expect(() => encodeRequest('Produce', 2, header, { acks: -1, timeoutMs: 1, topicData: [] })).toThrow(
      'Produce request version 2: not a version that we speak (3 to 12)',
    )
    expect(() => decodeRequest('Fetch', 13, Buffer.alloc(10), 0)).toThrow('(4 to 12)')
  })
})

describe('large payloads', () => {
  const large = Buffer.alloc(5000, 'L')
  const small = Buffer.alloc(10, 's')
  const body = {
    acks: -1,
    timeoutMs: 1000,
    topicData: [
      {
        name: 't',
        partitionData: [
          { index: 0, records: large },
          { index: 1, records: small },
          { index: 2, records: [large, small, large] },
          { index: 3, records: null },
        ],
      },
    ],
  }

  test.each([3, 8, 9, 12])('are handed on without a copy, and read back as one, in Produce %i', (version) => {
    const parts = encodeRequestParts('Produce', version, header, body)
    expect(parts.filter((part) => part.buffer === large.buffer && part.length === 5000)).toHaveLength(3)
    const whole = encodeRequest('Produce', version, header, body)
    expect(Buffer.concat(parts).equals(whole)).toBe(true)
    expect(whole.readInt32BE(0)).toBe(whole.length - 4)
    const frame = whole.subarray(4)
    const read = decodeRequest('Produce', version, frame, decodeRequestHeader(frame).bodyOffset)
    const records = read.topicData[0]!.partitionData.map((partition) => partition.records?.toString() ?? null)
    expect(records).toEqual([`${large}`, `${small}`, `${large}${small}${large}`, null])
  })

  test('are views of the frame when decoded', () => {
    const frame = encodeResponse('Fetch', 12, 5, {
      sessionId: 0,
      responses: [
        {
          topic: 't',
          partitions: [
            { partitionIndex: 0, errorCode: 0, highWatermark: 9, abortedTransactions: null, records: large },
          ],
        },
      ],
    }).subarray(4)
    const { records } = decodeResponse('Fetch', 12, frame).body.responses[0]!.partitions[0]!
    expect(records!.equals(large)).toBe(true)
    expect(records!.buffer).toBe(frame.buffer)
  })

  test('do not keep messages that follow from being right', () => {
    encodeResponseParts('SyncGroup', 4, 1, { errorCode: 0, assignment: Buffer.alloc(3_000_000, 'x') })
    const frame = encodeResponse('SyncGroup', 4, 2, { errorCode: 0, assignment: Buffer.from('y') })
    expect(frame.toString('hex')).toBe('0000000e' + '00000002' + '00' + '00000000' + '0000' + '0279' + '00')
  })
})

describe('a body that cannot be written', () => {
  test('is refused with the message, the version and the field, and without the value of a text', () => {
    const partial = { groupId: 'g', memberId: 'm' }
    expect(() => encodeRequest('Heartbeat', 0, header, { ...partial, generationId: 2 ** 31 })).toThrow(
      'Heartbeat request version 0: generationId is not an int32: 2147483648',
    )
    expect(() => encodeRequest('Heartbeat', 0, header, { ...partial, generationId: 'secret' as never })).toThrow(
      'Heartbeat request version 0: generationId is not an int32: a value of type string',
    )
    expect(() => encodeRequest('Heartbeat', 0, header, { ...partial, generationId: 1, groupId: 5 as never })).toThrow(
      'groupId is not a string: 5',
    )
  })

  test('names a field inside an array by its path', () => {
    const topics = [{ name: 't', partitions: [{ partitionIndex: 1.5, currentLeaderEpoch: -1, timestamp: -1 }] }]
    expect(() => encodeRequest('ListOffsets', 5, header, { replicaId: -1, topics })).toThrow(
      'topics.partitions.partitionIndex is not an int32: 1.5',
    )
  })

  test('leaves the next message untouched', () => {
    expect(() => encodeRequest('Heartbeat', 0, header, { groupId: 'g', generationId: NaN, memberId: 'm' })).toThrow()
    const frame = encodeRequest('Heartbeat', 0, header, { groupId: 'g', generationId: 1, memberId: 'm' })
    expect(frame.readInt32BE(0)).toBe(frame.length - 4)
  })

  test('refuses strings that do not fit an int16 length, offsets that are not exact and UUIDs that are none', () => {
    const groupId = 'x'.repeat(40_000)
    expect(() => encodeRequest('Heartbeat', 0, header, { groupId, generationId: 1, memberId: '' })).toThrow(
      'groupId has 40000 bytes, at most 32767 fit',
    )
    expect(encodeRequest('Heartbeat', 4, header, { groupId, generationId: 1, memberId: '' }).length).toBeGreaterThan(
      40_000,
    )
    const partitions = [{ partitionIndex: 0, offset: 2 ** 53 }]
    expect(() =>
      encodeRequest('DeleteRecords', 0, header, { topics: [{ name: 't', partitions }], timeoutMs: 1 }),
    ).toThrow('topics.partitions.offset is not an exact integer')
    const topics = [{ name: null, topicId: 'not-a-uuid' }]
    expect(() => encodeRequest('DeleteTopics', 6, header, { topics, timeoutMs: 1 })).toThrow(
      'topics.topicId is not a UUID',
    )
  })
})

describe('a response', () => {
  test('tells its correlation id before it is decoded', () => {
    const frame = encodeResponse('LeaveGroup', 1, 123456, { errorCode: 25 }).subarray(4)
    expect(correlationIdOf(frame)).toBe(123456)
    expect(decodeResponse('LeaveGroup', 1, frame).correlationId).toBe(123456)
  })

  test('of ApiVersions never has tagged fields in its header, and is version 0 when the version was refused', () => {
    const offered = { apiKey: 18, minVersion: 0, maxVersion: 2 }
    const good = encodeResponse('ApiVersions', 4, 1, { errorCode: 0, apiKeys: [offered], finalizedFeaturesEpoch: 7 })
    expect(decodeResponse('ApiVersions', 4, good.subarray(4)).body).toMatchObject({
      apiKeys: [offered],
      finalizedFeaturesEpoch: 7,
    })
    const refused = encodeResponse('ApiVersions', 0, 1, { errorCode: 35, apiKeys: [offered] })
    expect(decodeResponse('ApiVersions', 4, refused.subarray(4)).body).toMatchObject({
      errorCode: 35,
      apiKeys: [offered],
    })
  })

  test('of a flexible version may carry unknown tagged fields in its header', () => {
    const frame = Buffer.from('00000007' + '01' + '05026869' + '00000000' + '0000' + '00', 'hex')
    expect(decodeResponse('Heartbeat', 4, frame)).toEqual({
      correlationId: 7,
      body: { throttleTimeMs: 0, errorCode: 0 },
    })
  })

  test('that is empty or cut in its header is refused', () => {
    expect(() => correlationIdOf(Buffer.alloc(3))).toThrow('correlationId needs 4 bytes, 3 are left')
    expect(() => decodeResponse('Heartbeat', 4, Buffer.alloc(4))).toThrow('header tags needs 1 bytes, 0 are left')
  })
})
