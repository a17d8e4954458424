import { ConnectError, type ErrorCode, RetriableError } from '@sluice/api'

interface Found {
  readonly found: string
  readonly wayOut: string
}

const permission: Found = {
  found: 'the permissions do not allow it',
  wayOut: "Give the user that runs the worker access to it, or correct 'file'.",
}
const descriptors: Found = {
  found: 'too many files are open',
  wayOut: 'Raise the limit of open files of the worker (ulimit -n).',
}
const space: Found = { found: 'no space is left', wayOut: 'Free some; it is tried again.' }
const device: Found = {
  found: 'the device answers with an error',
  wayOut: 'Check the disk and the log of the system; it is tried again.',
}

const known: ReadonlyMap<string, Found> = new Map([
  ['EACCES', permission],
  ['EPERM', permission],
  ['ENOENT', { found: 'its folder does not exist', wayOut: "Create the folder, or correct 'file'." }],
  ['ENOTDIR', { found: 'a part of its path is not a folder', wayOut: "Correct 'file'." }],
  ['EISDIR', { found: 'it is a folder', wayOut: "Let 'file' name a file." }],
  ['EROFS', { found: 'the file system is read-only', wayOut: "Mount it writable, or let 'file' name another." }],
  ['ELOOP', { found: 'its symbolic links run in a circle', wayOut: "Correct the links, or 'file'." }],
  ['ENAMETOOLONG', { found: 'its name is too long', wayOut: "Shorten 'file'." }],
  ['EFBIG', { found: 'it is as large as a file may be here', wayOut: 'Raise the limit, or move the file away.' }],
  ['EMFILE', descriptors],
  ['ENFILE', descriptors],
  ['ENOSPC', space],
  ['EDQUOT', { ...space, found: 'the disk quota is used up' }],
  ['EIO', device],
])

/** Errors that pass without a change to the config: an outage or a full disk. I10: they are waited out. */
const passing: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EIO',
  'EAGAIN',
  'EBUSY',
  'EINTR',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'ESTALE',
  'ETIMEDOUT',
])

/** The code of a system error, such as `ENOENT`; the empty text for anything else. */
export function systemCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

/** Whether the reason of a system error may pass without anybody changing a config. */
export function mayPass(error: unknown): boolean {
  return passing.has(systemCode(error))
}

/** What was done, to which file, what the system answered and how to get out of it: for a call that will not succeed. */
export function fileError(doing: string, cause: unknown, code: ErrorCode): ConnectError {
  return new ConnectError(message(doing, cause), { cause, code })
}

/** The same for a call during operation: retriable when the reason may pass. */
export function transientFileError(doing: string, cause: unknown, code: ErrorCode): ConnectError {
  return mayPass(cause) ? new RetriableError(message(doing, cause), { cause }) : fileError(doing, cause, code)
}

function message(doing: string, cause: unknown): string {
  const code = systemCode(cause)
  const facts = known.get(code)
  if (facts !== undefined) return `${doing}: ${facts.found} (${code}). ${facts.wayOut}`
  const found = cause instanceof Error ? cause.message : String(cause)
  return `${doing}: the system answers "${found}".`
}
