/**
 * Marks around calls of plugin code, so that a host that hangs or dies can tell whose code it was in.
 *
 * The mark is a few bytes in a file that the control plane holds open as well: written before each call and cleared
 * when the call returns, it is still there when the process is gone. It covers what the plugin does before its first
 * await; a call that has not come back yet is reported as open besides.
 */
export interface PluginMark {
  set(bytes: Uint8Array): void
  clear(): void
}

export const noMark: PluginMark = { set() {}, clear() {} }

/** A place where plugin code is called: made once per task and method, used for every call. */
export interface CallSite {
  readonly owner: string
  readonly call: string
  readonly bytes: Uint8Array
}

export class PluginCalls {
  readonly #mark: PluginMark
  readonly #open = new Map<string, string>()

  constructor(mark: PluginMark) {
    this.#mark = mark
  }

  site(owner: string, call: string): CallSite {
    return { owner, call, bytes: encodeMark(owner, call) }
  }

  /** Begins synchronous plugin code; `leave` ends it, on every way out. */
  enter(site: CallSite): void {
    this.#mark.set(site.bytes)
  }

  leave(): void {
    this.#mark.clear()
  }

  /** Runs plugin code that may go on after its first await. */
  run<T>(site: CallSite, work: () => T | Promise<T>): T | Promise<T> {
    this.#mark.set(site.bytes)
    let result: T | Promise<T>
    try {
      result = work()
    } finally {
      this.#mark.clear()
    }
    if (!(result instanceof Promise)) return result
    this.#open.set(site.owner, site.call)
    return result.finally(() => this.#open.delete(site.owner))
  }

  /** Calls that have not come back, by owner. */
  open(): readonly (readonly [owner: string, call: string])[] {
    return [...this.#open]
  }
}

/** The most that a mark takes; longer names are cut. */
export const markBytes = 512
const separator = '\t'
const end = '\n'

function encodeMark(owner: string, call: string): Uint8Array {
  const text = Buffer.from(`${owner}${separator}${call}`).subarray(0, markBytes - 1)
  return Buffer.concat([text, Buffer.from(end)])
}

/** What a mark says; null when no plugin code was running. */
export function decodeMark(bytes: Buffer): { readonly id: string; readonly call: string } | null {
  const length = bytes.indexOf(end)
  const text = bytes.toString('utf8', 0, Math.max(length, 0))
  const at = text.lastIndexOf(separator)
  return at < 0 ? null : { id: text.slice(0, at), call: text.slice(at + 1) }
}

/** What clears a mark: the end at its very beginning. */
export const clearedMark: Uint8Array = Buffer.from(end)
