import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { EmbeddedBrokerError } from './broker-error.ts'

interface Owner {
  readonly pid: number
  /** Tells a process from an earlier one with the same id; null where the system does not say. */
  readonly started: string | null
}

const fileName = 'broker.lock'

/**
 * Takes the folder for this process. A lock that a killed process has left behind is taken over; one of a process that
 * lives is respected. Returns how to give the folder back.
 *
 * @throws EmbeddedBrokerError DATA_DIR_LOCKED, naming the process
 */
export function lockDir(dir: string): () => void {
  const lock = path.join(dir, fileName)
  const claim = `${lock}.${process.pid}.${Math.random().toString(36).slice(2)}`
  const text = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Owner)
  writeFileSync(claim, text)
  try {
    // A link appears whole or not at all: nobody ever reads half a lock.
    while (!linked(claim, lock)) takeAway(dir, lock, `${claim}.stale`)
  } finally {
    rmSync(claim, { force: true })
  }
  return () => {
    if (readText(lock) === text) rmSync(lock, { force: true })
  }
}

function linked(claim: string, lock: string): boolean {
  try {
    linkSync(claim, lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    return createdInstead(claim, lock)
  }
}

/** For file systems without links. */
function createdInstead(claim: string, lock: string): boolean {
  try {
    writeFileSync(lock, readFileSync(claim), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a stale lock out of the way. If another process was faster and the lock is its own by now, it is put back. */
function takeAway(dir: string, lock: string, aside: string): void {
  const seen = readText(lock)
  if (seen === null) return
  const owner = parseOwner(seen)
  if (owner !== null && isAlive(owner)) throw locked(dir, owner)
  try {
    renameSync(lock, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (readText(aside) === seen) rmSync(aside, { force: true })
  else renameSync(aside, lock)
}

function locked(dir: string, owner: Owner): EmbeddedBrokerError {
  const who = owner.pid === process.pid ? 'this process' : `process ${owner.pid}`
  return new EmbeddedBrokerError(
    'DATA_DIR_LOCKED',
    `Opening the data folder ${dir}: another broker (${who}) is using it. Stop that one, or choose another folder.`,
  )
}

function parseOwner(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null
    if (typeof owner?.pid !== 'number' || owner.pid <= 0) return null
    return { pid: owner.pid, started: owner.started ?? null }
  } catch {
    return null
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  const started = startOf(owner.pid)
  return started === null || owner.started === null || started === owner.started
}

/** When the process started, in the kernel's own terms; null where that cannot be read. */
function startOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`)
  const boot = readText('/proc/sys/kernel/random/boot_id')
  if (stat === null || boot === null) return null
  // The second field is the command in brackets and may hold anything: fields are counted from its end.
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  return started === undefined ? null : `${boot.trim()}/${started}`
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
