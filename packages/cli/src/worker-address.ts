// Where the worker is that a command talks to: --url, else the `sluice dev` of this folder, else Connect's port.
import { readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConnectError } from '@sluice/api'

/** What `sluice dev` writes to .sluice/dev.json while it runs. */
export interface DevAddress {
  readonly pid: number
  readonly url: string
  readonly bootstrapServers: string
}

export const defaultUrl = 'http://127.0.0.1:8083'

/** The folder in which `sluice dev` keeps its state. */
export function stateFolder(folder: string = process.cwd()): string {
  return join(folder, '.sluice')
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The running `sluice dev` of a folder; null when there is none, or when it was killed and left its file behind. */
export function readDevAddress(folder: string = process.cwd()): DevAddress | null {
  try {
    const address = JSON.parse(readFileSync(join(stateFolder(folder), 'dev.json'), 'utf8')) as DevAddress
    return isAlive(address.pid) ? address : null
  } catch {
    return null
  }
}

export function writeDevAddress(address: DevAddress, folder: string = process.cwd()): void {
  mkdirSync(stateFolder(folder), { recursive: true })
  writeFileSync(join(stateFolder(folder), 'dev.json'), `${JSON.stringify(address, null, 2)}\n`)
}

export function removeDevAddress(folder: string = process.cwd()): void {
  rmSync(join(stateFolder(folder), 'dev.json'), { force: true })
}

/** Where to ask. Throws a ConnectError for an option that is no URL. */
export function workerUrl(option: string | undefined): string {
  if (option !== undefined && !/^https?:$/.test(URL.parse(option)?.protocol ?? '')) {
    throw new ConnectError(`--url ${option}: this is no URL of a worker. Write it as ${defaultUrl}.`, {
      code: 'CONNECT_REQUEST_INVALID',
    })
  }
  return option ?? readDevAddress()?.url ?? defaultUrl
}
