import { ConnectError } from '@sluice/api'
import { readFile, stat } from 'node:fs/promises'
import { replaceFile, tryReplacing } from './atomic-file.ts'
import { canonicalJson, parseOffsetKey } from './canonical-json.ts'
import { type ByteMapEntry, decodeJavaMap, encodeJavaMap } from './java-map.ts'
import type { OffsetStore, StoredOffset } from './offset-store.ts'

interface Entry {
  /** The exact bytes, kept when the value changes: Apache Connect finds an offset by them. */
  readonly key: Buffer | null
  value: Buffer | null
}

/**
 * The offset file of standalone mode, shared with Apache Connect (`offset.storage.file.filename`). It is read once;
 * every write replaces the whole file, and entries of connectors that this worker does not have are kept.
 */
export async function openOffsetFile(path: string): Promise<OffsetStore> {
  const entries = await load(path)
  await checkWritable(path)
  const byPartition = index(entries)
  const saver = createSaver(() => save(path, entries))

  function find(connector: string, partition: string): Entry[] | undefined {
    return byPartition.get(storeKey(connector, canonicalJson(partition) ?? partition))
  }

  function put(connector: string, { partition, offset }: StoredOffset): void {
    const value = offset === null ? null : Buffer.from(offset)
    const known = find(connector, partition)
    // A file may hold one partition under several spellings: whichever a reader looks for, it finds the newest.
    for (const entry of known ?? []) entry.value = value
    if (known) return
    const entry: Entry = { key: Buffer.from(`[${JSON.stringify(connector)},${partition}]`), value }
    entries.push(entry)
    byPartition.set(storeKey(connector, canonicalJson(partition) ?? partition), [entry])
  }

  return {
    read: async (connector, partitions) =>
      partitions.map((partition) => find(connector, partition)?.at(-1)?.value?.toString() ?? null),
    write: async (connector, offsets) => {
      for (const offset of offsets) put(connector, offset)
      await saver.save()
    },
    close: () => saver.idle(),
  }
}

function storeKey(connector: string, canonicalPartition: string): string {
  return `${JSON.stringify(connector)}${canonicalPartition}`
}

async function load(path: string): Promise<Entry[]> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    const found = (await isFolder(path)) ? 'it is a folder' : messageOf(cause)
    throw new ConnectError(
      `Reading the offset file ${path}: ${found}. Name another file in offset.storage.file.filename.`,
      { cause, code: 'FILE_UNREADABLE' },
    )
  }
  // Created empty by hand, as Apache Connect allows.
  if (bytes.length === 0) return []
  try {
    return decodeJavaMap(bytes).map(([key, value]) => ({ key, value }))
  } catch (cause) {
    throw new ConnectError(
      `Reading the offset file ${path}: it is not one of Connect's (${messageOf(cause)}). ` +
        'Name another file in offset.storage.file.filename, or move this one away to begin without offsets.',
      { cause, code: 'FILE_UNREADABLE' },
    )
  }
}

async function checkWritable(path: string): Promise<void> {
  try {
    if (await isFolder(path)) throw new Error('it is a folder')
    await tryReplacing(path)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}

async function save(path: string, entries: readonly Entry[]): Promise<void> {
  const content = encodeJavaMap(entries.map(({ key, value }): ByteMapEntry => [key, value]))
  try {
    await replaceFile(path, content)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): ConnectError {
  return new ConnectError(
    `Writing the offset file ${path}: ${messageOf(cause)}. The file is replaced as a whole, so its folder must be writable.`,
    { cause, code: 'FILE_UNWRITABLE' },
  )
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function index(entries: readonly Entry[]): Map<string, Entry[]> {
  const byPartition = new Map<string, Entry[]>()
  for (const entry of entries) {
    const parsed = entry.key === null ? null : parseOffsetKey(entry.key.toString())
    if (!parsed) continue
    const key = storeKey(parsed.connector, parsed.partition)
    byPartition.set(key, [...(byPartition.get(key) ?? []), entry])
  }
  return byPartition
}

interface Saver {
  /** Resolves when a save that began after this call is done. Calls that wait share one. */
  save(): Promise<void>
  idle(): Promise<void>
}

function createSaver(save: () => Promise<void>): Saver {
  let running: Promise<void> = Promise.resolve()
  let next: Promise<void> | null = null
  return {
    save: () => {
      next ??= running
        .catch(() => undefined)
        .then(() => {
          running = next ?? running
          next = null
          return save()
        })
      return next
    },
    idle: () => (next ?? running).catch(() => undefined),
  }
}
