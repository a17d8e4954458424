/** Where a source task gets its bytes from: a file or stdin. */
export interface ByteReader {
  /** Reads what there is, at most as much as there is room; 0 when there is nothing now. */
  read(room: Buffer): Promise<number>
  /** Waits for more, at most this long; returns early when the task ends. */
  idle(ms: number): Promise<void>
  /** Gives back what was read but not used, where that is possible, and releases the rest. */
  close(unused: Buffer): Promise<void>
}
