import { readBatches, RecordBatchBuilder, type SealOptions } from '@sluice/kafka/records'
import { openMemoryLog, type LogEnvironment } from '../../src/log/open-log.ts'
import type { LogSettings, PartitionLog } from '../../src/log/partition-log.ts'
import { ReadBuffers, ReadLease } from '../../src/log/read-lease.ts'
import { silentLog, type BrokerLog } from '../../src/broker-log.ts'

export const defaultSettings: LogSettings = {
  maxMessageBytes: 1_000_000,
  segmentBytes: 100_000_000,
  timestampType: 'CreateTime',
  timestampBeforeMaxMs: Infinity,
  timestampAfterMaxMs: 3_600_000,
}

/** What a log is opened with in tests. */
export function logEnvironment(settings: Partial<LogSettings> = {}, log: BrokerLog = silentLog): LogEnvironment {
  return {
    leaderEpoch: 0,
    settings: () => ({ ...defaultSettings, ...settings }),
    buffers: new ReadBuffers(),
    log,
    now: 0,
  }
}

/** A batch of these values, one record each, `timestamp` apart by one millisecond. */
export function batchOf(
  values: readonly string[],
  options: SealOptions & { readonly timestamp?: number } = {},
): Buffer {
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value) + 32, 100)
  const builder = new RecordBatchBuilder(bytes)
  const { timestamp = 1_000, ...seal } = options
  values.forEach((value, i) => builder.append(timestamp + i, null, Buffer.from(value), null))
  return Buffer.from(builder.seal(seal))
}

/** All records from the offset on, as `offset:value`, read batch by batch. */
export function readAll(log: PartitionLog, from: number = log.startOffset, maxBytes = 200): string[] {
  const records: string[] = []
  for (let offset = from; offset < log.endOffset;) {
    const lease = new ReadLease(new ReadBuffers())
    const { parts } = log.read(offset, { maxBytes, atLeastOne: true }, lease)
    for (const batch of parts.flatMap((part) => readBatches(part))) {
      for (let i = 0; i < batch.count; i++)
        if (batch.offset(i) >= offset) records.push(`${batch.offset(i)}:${batch.value(i)?.toString()}`)
      offset = batch.nextOffset
    }
  }
  return records
}

/** A log in memory with these batches in it. */
export function memoryLogOf(batches: readonly Buffer[], settings: Partial<LogSettings> = {}): PartitionLog {
  const log = openMemoryLog(logEnvironment(settings))
  for (const batch of batches) log.append(batch, 5_000)
  return log
}

/** A log of messages, to see what the broker tells its operator. */
export function recordingLog(): BrokerLog & { readonly messages: string[] } {
  const messages: string[] = []
  const note = (level: string) => (message: string) => void messages.push(`${level}: ${message}`)
  return { messages, debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
}
