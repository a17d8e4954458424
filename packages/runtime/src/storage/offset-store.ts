/** A source partition and its offset as the JSON texts that are stored; a null offset forgets the partition. */
export interface StoredOffset {
  readonly partition: string
  readonly offset: string | null
}

/**
 * Where source offsets are kept. Partitions are JSON objects; two texts that mean the same partition are the same,
 * whatever the order of their keys.
 */
export interface OffsetStore {
  /** In the order asked; null where nothing is stored. */
  read(connector: string, partitions: readonly string[]): Promise<readonly (string | null)[]>
  /** Resolves when all of them are safe. After a rejection the caller still owns them and writes them again. */
  write(connector: string, offsets: readonly StoredOffset[]): Promise<void>
  /** Resolves when nothing is being written any more. */
  close(): Promise<void>
}
