import type { WireHeaders } from '@sluice/api'
import type { FetchedBatch } from '../ports.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import type { FetchLease } from './fetch-lease.ts'

/** Which records of a batch are handed out, and what comes after them. */
export interface BatchSlice {
  readonly topic: string
  readonly partition: number
  readonly from: number
  readonly to: number
  readonly nextOffset: number
}

/** A part of a record batch as the caller of `poll` sees it; it holds the memory of its fetch until released. */
export class FetchedRecords implements FetchedBatch {
  readonly topic: string
  readonly partition: number
  readonly count: number
  readonly nextOffset: number
  readonly #batch: RecordBatch
  readonly #from: number
  #lease: FetchLease | null

  constructor(batch: RecordBatch, slice: BatchSlice, lease: FetchLease) {
    this.topic = slice.topic
    this.partition = slice.partition
    this.count = slice.to - slice.from
    this.nextOffset = slice.nextOffset
    this.#batch = batch
    this.#from = slice.from
    this.#lease = lease
    lease.retain()
  }

  get leaderEpoch(): number {
    return this.#batch.partitionLeaderEpoch
  }

  get timestampType(): 'CreateTime' | 'LogAppendTime' {
    return this.#batch.timestampType
  }

  offset(index: number): number {
    return this.#batch.offset(this.#from + index)
  }

  timestamp(index: number): number {
    return this.#batch.timestamp(this.#from + index)
  }

  key(index: number): Buffer | null {
    return this.#batch.key(this.#from + index)
  }

  value(index: number): Buffer | null {
    return this.#batch.value(this.#from + index)
  }

  headers(index: number): WireHeaders {
    return this.#batch.headers(this.#from + index)
  }

  release(): void {
    const lease = this.#lease
    this.#lease = null
    lease?.release()
  }
}
