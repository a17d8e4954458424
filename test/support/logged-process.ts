// A process of another program: its output kept in a log file, watched while it starts, stopped by its process id.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'

/** What is started. */
export interface LoggedProcessOptions {
  /** Name for messages, for example `the Apache broker`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Environment variables on top of ours. */
  readonly env?: Readonly<Record<string, string>>
  readonly logFile: string
}

/** A started process. */
export interface LoggedProcess {
  readonly pid: number
  /** When it was started, by `performance.now()`. */
  readonly startedAt: number
  readonly logFile: string
  /** Resolves with the exit code (null: ended by a signal) when the process has ended and its log is complete. */
  readonly ended: Promise<number | null>
  /** True until the process has ended. */
  isRunning(): boolean
  /** Resolves when a line of output contains `text`; rejects, with the end of the log, when the process ends first. */
  printed(text: string): Promise<void>
  /** Asks the process to end and waits until it has; kills it after `graceMs`. Resolves with its exit code. */
  stop(graceMs?: number): Promise<number | null>
  /** Ends the process at once, as a crash would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>
}

const running = new Set<number>()

function killAll(): void {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended between the last look and now.
    }
  }
}

// Nothing that was started here may outlive the program that started it, however that ends: by itself, or as a test
// runner ends its workers, which is a signal or a closed channel. A program with a handler of its own decides itself.
process.on('exit', killAll)
process.on('disconnect', killAll)
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') > 1) return
  killAll()
  process.exit(143)
})

/** The last lines of a log file, for an error message. */
export async function endOfLog(logFile: string, lines = 40): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '')
  return `--- end of ${logFile}\n${text.split('\n').slice(-lines).join('\n')}`
}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

interface LineWatch {
  feed(chunk: Buffer): void
  wait(text: string): Promise<void>
}

/** Cuts output into lines and tells whoever waits for a text that a line, old or new, contains it. */
function lineWatch(): LineWatch {
  const waiters = new Set<{ readonly text: string; readonly found: () => void }>()
  const seen: string[] = []
  let partial = ''
  return {
    feed(chunk) {
      const lines = (partial + chunk.toString('utf8')).split('\n')
      partial = lines.pop() ?? ''
      seen.push(...lines)
      for (const waiter of waiters) {
        if (!lines.some((line) => line.includes(waiter.text))) continue
        waiters.delete(waiter)
        waiter.found()
      }
    },
    wait(text) {
      if (seen.some((line) => line.includes(text))) return Promise.resolve()
      return new Promise((found) => waiters.add({ text, found }))
    },
  }
}

/** Starts a process and returns at once; whoever needs it ready waits for a condition. */
export function startLogged(options: LoggedProcessOptions): LoggedProcess {
  const { name, logFile } = options
  const startedAt = performance.now()
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: { ...process.env, ...options.env },
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${options.command} could not be started for ${name}`)
  running.add(pid)
  const log = createWriteStream(logFile, { flags: 'a' })
  const watch = lineWatch()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk)
      watch.feed(chunk)
    })
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      running.delete(pid)
      log.end(() => resolve(code))
    })
  })
  const endsFirst = async (): Promise<never> => {
    const code = await ended
    throw new Error(`${name} ended with code ${code} before it was ready\n${await endOfLog(logFile)}`)
  }
  return {
    pid,
    startedAt,
    logFile,
    ended,
    isRunning: () => running.has(pid),
    printed: (text) => Promise.race([watch.wait(text), endsFirst()]),
    async stop(graceMs = 20_000) {
      if (running.has(pid)) child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      const code = await ended
      clearTimeout(timer)
      return code
    },
    async kill() {
      if (running.has(pid)) child.kill('SIGKILL')
      await ended
    },
  }
}
