import type { Schema } from '../data/schema.ts'
import type { Value } from '../data/value.ts'
import type { Headers } from './headers.ts'

/** What source and sink records have in common. Records are never changed: `newRecord` makes another. */
export interface ConnectRecord {
  readonly topic: string
  /** Null: the producer chooses. */
  readonly partition: number | null
  readonly keySchema: Schema | null
  readonly key: Value
  readonly valueSchema: Schema | null
  readonly value: Value
  /** Milliseconds since the epoch; null when there is none. */
  readonly timestamp: number | null
  readonly headers: Headers
}

/** What a transform may change; what is left out, or undefined, stays as it is. */
export type RecordChanges = { readonly [Property in keyof ConnectRecord]?: ConnectRecord[Property] | undefined }
