// One JVM: started with its output in a log file, watched while it starts, stopped by its process id.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { ApacheInstall } from './ensure-apache.ts'

/** How a JVM is started. */
export interface JavaProcessOptions {
  readonly install: ApacheInstall
  readonly mainClass: string
  readonly args: readonly string[]
  /** Bound of the Java heap in MiB. */
  readonly heapMb: number
  /** More options for the JVM. */
  readonly jvm?: readonly string[]
  readonly logFile: string
  /** Name for messages, for example `the Apache broker`. */
  readonly name: string
}

/** A running JVM. */
export interface JavaProcess {
  readonly pid: number
  readonly logFile: string
  /** Resolves with the exit code (null: ended by a signal) when the process has ended and its log is complete. */
  readonly ended: Promise<number | null>
  /** True until the process has ended. */
  isRunning(): boolean
  /** Resolves when a line of output contains `text`; rejects, with the end of the log, when the process ends first. */
  printed(text: string): Promise<void>
  /** Asks the process to end, waits until it has; kills it after `graceMs`. Ending an ended process does nothing. */
  stop(graceMs?: number): Promise<void>
  /** Ends the process at once, as a crash would (SIGKILL), and waits until it is gone. */
  kill(): Promise<void>
}

const running = new Set<number>()
// A JVM must not outlive the program that started it, however that ends.
process.on('exit', () => {
  for (const pid of running) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended between the last look and now.
    }
  }
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

interface Waiter {
  readonly text: string
  readonly found: () => void
}

/** Calls a waiter once the output that arrives from now on, cut into lines, contains its text. */
function lineWatch(): { feed(chunk: Buffer): void; wait(text: string): Promise<void> } {
  const waiters = new Set<Waiter>()
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

/** Starts a JVM. Returns at once; whoever needs it ready waits for a condition. */
export function startJava(options: JavaProcessOptions): JavaProcess {
  const { install, logFile, name } = options
  const args = [
    `-Xmx${options.heapMb}m`,
    `-Dlog4j2.configurationFile=${install.log4jConfig}`,
    '-Djava.awt.headless=true',
    '-Duser.timezone=UTC',
    ...(options.jvm ?? []),
    '-cp',
    install.classPath,
    options.mainClass,
    ...options.args,
  ]
  const child = spawn(install.java, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  if (pid === undefined) throw new Error(`${install.java} could not be started for ${name}`)
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
    logFile,
    ended,
    isRunning: () => running.has(pid),
    printed: (text) => Promise.race([watch.wait(text), endsFirst()]),
    async stop(graceMs = 15_000) {
      if (running.has(pid)) child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(timer)
    },
    async kill() {
      if (running.has(pid)) child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs a JVM to its end and returns what it printed; throws with that when it failed. */
export async function runJava(options: JavaProcessOptions): Promise<string> {
  const java = startJava(options)
  const code = await java.ended
  if (code !== 0) throw new Error(`${options.name} ended with code ${code}\n${await endOfLog(options.logFile)}`)
  return readFile(options.logFile, 'utf8')
}
