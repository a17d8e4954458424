import { ConnectError, fitsInt64, type SourcePartitionOffset, type Value } from '@sluice/api'

/** Checks offsets that a user wants to set, in Connect's words. Whether the file is that long shows when it is read. */
export function checkSourceOffsets(file: string, offsets: readonly SourcePartitionOffset[]): void {
  if (file === '') {
    throw new ConnectError(
      "Offsets cannot be modified if the 'file' configuration is unspecified. " +
        'This is because stdin is used for input and offsets are not tracked.',
    )
  }
  for (const { partition, offset } of offsets) {
    // Forgetting is always allowed, so that whatever lies in the offsets can be cleaned up.
    if (offset === null) continue
    checkPosition(offset)
    checkPartition(partition)
  }
}

function checkPosition(offset: Readonly<Record<string, Value>>): void {
  if (!Object.hasOwn(offset, 'position')) {
    throw new ConnectError("Offset objects should either be null or contain the key 'position'")
  }
  const position = offset['position'] ?? null
  if (!isLong(position)) {
    throw new ConnectError("The value for the 'position' key in the offset is expected to be a Long value")
  }
  if (position < 0) {
    throw new ConnectError("The value for the 'position' key in the offset should be a non-negative value")
  }
}

/** A partition may come from JSON, where it can be null whatever its type says. */
function checkPartition(partition: Readonly<Record<string, Value>> | null): void {
  if (partition === null) throw new ConnectError('Partition objects cannot be null')
  if (!Object.hasOwn(partition, 'filename')) {
    throw new ConnectError("Partition objects should contain the key 'filename'")
  }
}

function isLong(value: Value): value is number | bigint {
  return typeof value === 'bigint' ? fitsInt64(value) : Number.isInteger(value)
}
