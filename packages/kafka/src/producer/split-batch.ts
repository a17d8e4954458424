import { readBatches } from '../records/record-batch.ts'
import type { Accumulator } from './accumulator.ts'
import type { ProducerBatch } from './producer-batch.ts'
import { estimateBatchSize } from './record-size.ts'

/** So fine that the parts of parts still lie between a batch and the next, whose ordinal is larger by 1. */
const ordinalStep = 2 ** -24

/**
 * Divides a batch that the broker found too large into two or more of at most half its size, which stand in its place.
 * The memory of the parts is taken beyond the bound for as long as the batch itself takes to be released: at once.
 */
export function splitBatch(batch: ProducerBatch, topic: string, accumulator: Accumulator): readonly ProducerBatch[] {
  const bytes = batch.sentBytes
  const [records] = bytes === null ? [] : readBatches(bytes, { checkCrc: false })
  if (records === undefined) return []
  const capacity = Math.ceil(batch.builder.size / 2)
  // However small the records: every part has fewer than the batch, so that splitting comes to an end.
  const mostRecords = Math.ceil(batch.count / 2)
  const parts: ProducerBatch[] = []
  for (let i = 0; i < batch.count; i++) {
    const record = {
      topic,
      partition: null,
      timestamp: records.timestamp(i),
      key: records.key(i),
      value: records.value(i),
      headers: records.headers(i),
    }
    const last = parts.at(-1)
    if (last !== undefined && last.count < mostRecords && last.adopt(batch, i, record)) continue
    const size = Math.max(capacity, estimateBatchSize(record))
    const part = accumulator.newBatch(size, batch.place.createdAtMs, batch.place.ordinal + i * ordinalStep)
    part.attempts = batch.attempts
    part.adopt(batch, i, record)
    parts.push(part)
  }
  return parts
}
