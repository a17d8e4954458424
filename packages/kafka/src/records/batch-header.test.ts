import { describe, expect, test } from 'vitest'
import {
  assignOffset,
  checkBatchCrc,
  readBatchHeader,
  stampLogAppendTime,
  stampProducer,
  validateBatchHeader,
} from './batch-header.ts'
import { RecordBatchBuilder } from './record-batch-builder.ts'
import { readBatches } from './record-batch.ts'

function sealed(): Buffer {
  const builder = new RecordBatchBuilder(1000)
  builder.append(1_700_000_000_000, Buffer.from('k'), Buffer.from('v'), null)
  builder.append(1_700_000_000_005, null, Buffer.from('w'), null)
  return Buffer.from(builder.seal({ producerId: 77n, producerEpoch: 3, baseSequence: 12 }))
}

describe('the header of a batch', () => {
  test('stands where the format puts it', () => {
    const batch = sealed()
    expect(batch.toString('hex', 0, 17)).toBe('0000000000000000' + '00000042' + 'ffffffff' + '02')
    expect(batch.toString('hex', 21)).toBe(
      '0000' +
        '00000001' +
        '0000018bcfe56800' +
        '0000018bcfe56805' +
        '000000000000004d' +
        '0003' +
        '0000000c' +
        '00000002' +
        '10' +
        '00' +
        '00' +
        '00' +
        '026b' +
        '0276' +
        '00' +
        '0e' +
        '00' +
        '0a' +
        '02' +
        '01' +
        '0277' +
        '00',
    )
  })

  test('is read as it was written', () => {
    expect(readBatchHeader(sealed())).toMatchObject({
      position: 0,
      size: 78,
      baseOffset: 0,
      partitionLeaderEpoch: -1,
      compression: 'none',
      timestampType: 'CreateTime',
      isTransactional: false,
      isControl: false,
      lastOffsetDelta: 1,
      baseTimestamp: 1_700_000_000_000,
      maxTimestamp: 1_700_000_000_005,
      producerId: 77n,
      producerEpoch: 3,
      baseSequence: 12,
      count: 2,
    })
  })

  test('is read from the middle of a buffer', () => {
    const batch = sealed()
    const header = readBatchHeader(Buffer.concat([Buffer.alloc(13), batch]), 13)
    expect(header).toEqual({ ...readBatchHeader(batch), position: 13 })
  })
})

describe('a broker', () => {
  test('gives a batch its offset and epoch without touching the checksum', () => {
    const batch = sealed()
    assignOffset(batch, 2 ** 40, 9)
    expect(validateBatchHeader(batch)).toMatchObject({ baseOffset: 2 ** 40, partitionLeaderEpoch: 9 })
  })

  test('stamps the time of the append, which then is the time of every record', () => {
    const batch = sealed()
    stampLogAppendTime(batch, 1_800_000_000_000)
    const [read] = readBatches(batch)
    expect(read!.timestampType).toBe('LogAppendTime')
    expect([read!.timestamp(0), read!.timestamp(1)]).toEqual([1_800_000_000_000, 1_800_000_000_000])
  })

  test('refuses a batch that is cut, changed, or does not number its records without a gap', () => {
    expect(() => validateBatchHeader(sealed().subarray(0, 70))).toThrow('the buffer ends before the batch does')
    const changed = sealed()
    changed[70] = (changed[70] ?? 0) ^ 1
    expect(() => validateBatchHeader(changed)).toThrow(
      expect.objectContaining({
        errorName: 'CORRUPT_MESSAGE',
        message: expect.stringMatching(/^Record batch at offset 0: its checksum is/),
      }),
    )
    const gap = sealed()
    gap.writeInt32BE(5, 23)
    stampProducer(gap, 1n, 0, 0)
    expect(() => validateBatchHeader(gap)).toThrow('has 2 records, but 5 as its last offset')
  })
})

test('a producer gives a sealed batch another id, epoch and sequence', () => {
  const batch = sealed()
  stampProducer(batch, 2n ** 62n, 7, 100)
  expect(validateBatchHeader(batch)).toMatchObject({ producerId: 2n ** 62n, producerEpoch: 7, baseSequence: 100 })
})

describe('what is not a batch that we read', () => {
  test.each([0, 1])('the old message format %i is refused by name, with its offset', (magic) => {
    const message = Buffer.alloc(40)
    message.writeInt32BE(1234, 4)
    message.writeInt32BE(28, 8)
    message.writeInt8(magic, 16)
    expect(() => readBatches(message)).toThrow(
      expect.objectContaining({
        errorName: 'UNSUPPORTED_FOR_MESSAGE_FORMAT',
        message: `Record batch at offset 1234: is in the old message format ${magic}; only format 2, of Kafka 0.11 and later, can be read`,
      }),
    )
  })

  test('an unknown format, codec or length is refused', () => {
    const format = sealed()
    format[16] = 3
    expect(() => readBatchHeader(format)).toThrow('has the unknown format 3')
    const codec = sealed()
    codec.writeInt16BE(5, 21)
    expect(() => readBatchHeader(codec)).toThrow('Record batch at offset 0: unknown codec 5')
    for (const length of [-1, 0, 48, -2147483648]) {
      const short = sealed()
      short.writeInt32BE(length, 8)
      expect(() => readBatches(short)).toThrow(`Record batch at offset 0: claims a length of ${length} bytes`)
    }
  })

  test('a checksum that differs names the offset of the batch', () => {
    const batch = sealed()
    assignOffset(batch, 4711, 0)
    batch.writeUInt32BE(0, 17)
    expect(() => checkBatchCrc(batch, readBatchHeader(batch))).toThrow(
      /^Record batch at offset 4711: its checksum is 00000000, that of its 78 bytes is [0-9a-f]{8}$/,
    )
  })
})
