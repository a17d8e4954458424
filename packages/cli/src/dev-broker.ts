// The broker of `sluice dev`: a process of its own, outside this terminal's process group, since it has to outlive the
// worker's last commit.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ConnectError, type Logger } from '@sluice/api'

export interface DevBrokerOptions {
  readonly port: number
  /** Where it keeps its topics. */
  readonly folder: string
  readonly log: Logger
}

export interface DevBroker {
  readonly bootstrapServers: string
  /** Rejects when the broker ends without having been asked to. */
  readonly lost: Promise<never>
  stop(): Promise<void>
}

/** Resolves when the broker answers; what it says of itself later goes to the log. */
export async function startDevBroker({ port, folder, log }: DevBrokerOptions): Promise<DevBroker> {
  const main = fileURLToPath(import.meta.resolve('@sluice/embedded/main'))
  const child = fork(main, ['--port', String(port), '--data-dir', folder], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  })
  const { bootstrapServers } = await addressOf(child, log)
  let isStopping = false
  const lost = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => {
      if (isStopping) return
      const how = signal === null ? `with code ${code}` : `by ${signal}`
      reject(new ConnectError(`The embedded broker at ${bootstrapServers} has ended ${how}.`, { code: 'BROKER_LOST' }))
    })
  })
  // Whoever awaits it is told; nobody has to.
  lost.catch(() => undefined)
  return {
    bootstrapServers,
    lost,
    stop: async () => {
      isStopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

interface Address {
  readonly bootstrapServers: string
}

/** The first line that the broker prints is its address; ending before that is a refusal, with its own words. */
async function addressOf(child: ChildProcess, log: Logger): Promise<Address> {
  const refusal: string[] = []
  let isUp = false
  const said = child.stderr ? createInterface({ input: child.stderr }) : null
  said?.on('line', (line) => {
    if (!isUp) refusal.push(line)
    logLine(line, log)
  })
  return new Promise((resolve, reject) => {
    const printed = child.stdout ? createInterface({ input: child.stdout }) : null
    printed?.once('line', (line) => {
      isUp = true
      resolve(JSON.parse(line) as Address)
    })
    child.once('close', (code) => {
      const why = refusal.filter((line) => parsed(line) === null).join('\n') || `it ended with code ${code}`
      reject(new ConnectError(`Starting the embedded broker: ${why}`, { code: 'BROKER_START_REFUSED' }))
    })
  })
}

interface BrokerLine {
  readonly level: keyof Logger
  readonly message: string
  readonly [field: string]: unknown
}

/** What the broker logs is JSON; its last words, when it gives up, are plain. */
function logLine(line: string, log: Logger): void {
  const said = parsed(line)
  if (said === null) return
  const { level, message, ...fields } = said
  log[level](message, { ...fields, by: 'the embedded broker' })
}

function parsed(line: string): BrokerLine | null {
  if (!line.startsWith('{')) return null
  try {
    const said = JSON.parse(line) as Partial<BrokerLine>
    return typeof said.message === 'string' && /^(?:debug|info|warn|error)$/.test(String(said.level))
      ? (said as BrokerLine)
      : null
  } catch {
    return null
  }
}
