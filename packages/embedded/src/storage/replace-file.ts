import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** Replaces the file as a whole: after a crash at any moment it holds either the old text or the new one. */
export function replaceFile(path: string, text: string): void {
  const aside = `${path}.new`
  try {
    const fd = openSync(aside, 'w')
    try {
      const bytes = Buffer.from(text)
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done)
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}
