import type { ReadLease } from './read-lease.ts'

/** Where the bytes of one segment lie. A write that throws leaves `size` and everything before it as they were. */
export interface SegmentStore {
  readonly size: number
  /** Returns when the bytes are with the operating system: they outlive this process. */
  append(bytes: Buffer): void
  /** The bytes in pieces, as they lie; a batch never spans two. Valid until the lease ends. */
  read(position: number, length: number, lease: ReadLease): Buffer[]
  /** Forgets what lies behind `size`. */
  truncate(size: number): void
  /** Returns when the bytes are on the disk: they outlive a power cut. */
  sync(): Promise<void>
  close(): void
  /** Closes the segment and deletes it. */
  remove(): void
}
