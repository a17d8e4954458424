import { ConnectError, type SourceOffset, toJson } from '@sluice/api'

/** The position, in bytes, at which to go on with a file: 0 when none was saved. */
export function savedPosition(file: string, offset: SourceOffset | null): number {
  const position = offset?.['position'] ?? null
  if (position === null) return 0
  const isWhole = typeof position === 'bigint' || Number.isInteger(position)
  if (isWhole && Number(position) >= 0) return Number(position)
  const wayOut = "Set a whole number of bytes, or delete the connector's offsets to begin anew."
  const found = `Offset position is the incorrect type: of the file ${file}, it is ${toJson(position)}.`
  throw new ConnectError(`${found} ${wayOut}`)
}
