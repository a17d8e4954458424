import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The path behind symbolic links, so that replacing the file keeps them; the path itself while there is no file. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isMissing(error)) return path
    throw error
  }
}

async function modeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).mode & 0o777
  } catch (error) {
    if (isMissing(error)) return 0o666
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename is as durable as the file system makes it.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file as a whole: whenever the process or the machine stops, it holds the old content or the new. */
export async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const target = await realPath(path)
  const aside = asideOf(target)
  const handle = await open(aside, 'w', await modeOf(target))
  try {
    await handle.writeFile(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(aside, target)
  await syncFolder(dirname(target))
}

/** Rejects when `replaceFile` could not work here. Touches nothing that exists. */
export async function tryReplacing(path: string): Promise<void> {
  const target = await realPath(path)
  const handle = await open(asideOf(target), 'w')
  await handle.close()
  await rm(asideOf(target))
}

function asideOf(path: string): string {
  return `${path}.tmp`
}
