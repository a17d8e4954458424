// A journal is a file of lines, one JSON value each, behind its CRC-32 in hex:
//
//   1f0c9a53 {"type":"commit","group":"g",…}
//
// Lines are only ever appended. What a killed process left half written does not match its CRC and is cut off on start.
// When the file holds far more than what still counts, it is written anew beside itself and renamed.

import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { reasonOf, type BrokerLog } from '../broker-log.ts'
import { replaceFile } from './replace-file.ts'

/**
 * Remembers values and has each applied to the state that they make up. `append` returns when the value outlives this
 * process; it throws if the value could not be kept, which is then not applied either.
 */
export interface Journal<T extends object> {
  append(value: T): void
  close(): void
}

/** For brokers without a data folder. */
export function createMemoryJournal<T extends object>(apply: (value: T) => void): Journal<T> {
  return { append: apply, close: () => {} }
}

const smallestRewrite = 1024 * 1024

/** What a journal is made for. */
export interface JournalOptions<T extends object> {
  /** Called for each value: for those that were kept, oldest first, before `openJournal` returns. */
  readonly apply: (value: T) => void
  /** The values that would lead to the present state; asked for when the file has grown. */
  readonly snapshot: () => Iterable<T>
  readonly log: BrokerLog
}

/** Opens the journal in this file, or begins one. */
export function openJournal<T extends object>(file: string, options: JournalOptions<T>): Journal<T> {
  const kept = replay(file, options)
  return new FileJournal(file, kept, options)
}

class FileJournal<T extends object> implements Journal<T> {
  readonly #file: string
  readonly #options: JournalOptions<T>
  #fd: number
  #size: number
  #rewriteAt: number

  constructor(file: string, size: number, options: JournalOptions<T>) {
    this.#file = file
    this.#options = options
    this.#size = size
    this.#rewriteAt = Math.max(smallestRewrite, size * 2)
    this.#fd = openAt(file, size)
  }

  append(value: T): void {
    const line = Buffer.from(toLine(value))
    for (let done = 0; done < line.length;)
      done += writeSync(this.#fd, line, done, line.length - done, this.#size + done)
    this.#size += line.length
    this.#options.apply(value)
    if (this.#size >= this.#rewriteAt) this.#rewrite()
  }

  close(): void {
    closeSync(this.#fd)
  }

  /** Shortening the file is not worth failing for: the value is kept already. */
  #rewrite(): void {
    const text = [...this.#options.snapshot()].map(toLine).join('')
    try {
      replaceFile(this.#file, text)
    } catch (error) {
      this.#rewriteAt = this.#size * 2
      this.#options.log.warn('A journal could not be shortened', { file: this.#file, reason: reasonOf(error) })
      return
    }
    closeSync(this.#fd)
    this.#size = Buffer.byteLength(text)
    this.#fd = openAt(this.#file, this.#size)
    this.#rewriteAt = Math.max(smallestRewrite, this.#size * 2)
  }
}

function openAt(file: string, size: number): number {
  const fd = openSync(file, existsSync(file) ? 'r+' : 'w+')
  ftruncateSync(fd, size)
  return fd
}

function toLine(value: object): string {
  const json = JSON.stringify(value)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

/** Applies every whole line and returns where the last one ends. */
function replay<T extends object>(file: string, { apply, log }: JournalOptions<T>): number {
  const bytes = readOrNull(file)
  if (bytes === null) return 0
  let position = 0
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, position)) {
    const json = lineValue(bytes.toString('utf8', position, end))
    if (json === undefined) break
    apply(JSON.parse(json) as T)
    position = end + 1
  }
  if (position < bytes.length)
    log.warn('The end of a journal was damaged and has been cut off', {
      file,
      position,
      bytes: bytes.length - position,
    })
  return position
}

function lineValue(line: string): string | undefined {
  const json = line.slice(9)
  return line[8] === ' ' && crc32(json).toString(16).padStart(8, '0') === line.slice(0, 8) ? json : undefined
}

function readOrNull(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
