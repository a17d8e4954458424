import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import type { Channel } from './channel.ts'
import { createMarkFile, type MarkFile } from './mark-file.ts'
import { channelToChild } from './process-channel.ts'

/** A host that was started, as the pool sees it, whichever kind it is. */
export interface HostLink {
  readonly channel: Channel
  /** For logs: `host 4711`. */
  readonly name: string
  /** Whose code it is in, or was in when it ended; null when in none. */
  mark(): { readonly id: string; readonly call: string } | null
  /** Called once, when it is gone. */
  onExit(listener: (exit: { readonly code: number | null; readonly signal: string | null }) => void): void
  /** Ends it at once, whatever it does. */
  kill(): void
  /** Releases what the control plane held for it; after its exit. */
  dispose(): void
}

export interface HostProcessOptions {
  readonly heapLimitMb: number
}

// By its name, not by a path: the packed control plane is one file, and the host another.
const hostMain = createRequire(import.meta.url).resolve('@sluice/runtime/host-main')
const sourceConditions = hostMain.endsWith('.ts') ? ['--conditions=sluice-source'] : []

/** Starts a process that waits for `configure`. */
export function startHostProcess({ heapLimitMb }: HostProcessOptions): HostLink {
  const mark: MarkFile = createMarkFile()
  const child = fork(hostMain, [], {
    execArgv: [...sourceConditions, '--expose-gc', `--max-old-space-size=${heapLimitMb}`],
    serialization: 'advanced',
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', mark.descriptor],
  })
  return {
    channel: channelToChild(child),
    name: `host ${child.pid ?? 'that did not start'}`,
    mark: () => mark.read(),
    onExit: (listener) => {
      let isOver = false
      const once = (code: number | null, signal: string | null): void => {
        if (isOver) return
        isOver = true
        listener({ code, signal })
      }
      child.once('exit', once)
      // No exit follows where the process could not be started.
      child.once('error', () => once(child.exitCode, child.signalCode))
    },
    kill: () => {
      child.kill('SIGKILL')
    },
    dispose: () => mark.close(),
  }
}
