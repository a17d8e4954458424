import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const mainPath = fileURLToPath(new URL('../../src/embedded-main.ts', import.meta.url))

/** A broker in a process of its own. */
export interface BrokerProcess {
  readonly port: number
  readonly bootstrapServers: string
  readonly child: ChildProcess
  /** What it has written to standard error so far. */
  errors(): string
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
  /** SIGTERM, and waits for the end; returns the exit code. */
  stop(): Promise<number | null>
}

/** Starts embedded-main and waits for its address. `through` puts a shell in front, for limits on what it may write. */
export async function startBrokerProcess(
  args: readonly string[],
  options: { readonly through?: string; readonly ipc?: boolean } = {},
): Promise<BrokerProcess> {
  const nodeArgs = ['--conditions=sluice-source', mainPath, ...args]
  const stdio = ['ignore', 'pipe', 'pipe', ...(options.ipc === true ? (['ipc'] as const) : [])] as const
  const child =
    options.through === undefined
      ? spawn(process.execPath, nodeArgs, { stdio: [...stdio] })
      : spawn('sh', ['-c', `${options.through}; exec "$@"`, 'sh', process.execPath, ...nodeArgs], { stdio: [...stdio] })
  let errors = ''
  child.stderr?.on('data', (bytes: Buffer) => (errors += bytes.toString()))
  const ended = once(child, 'exit')
  const line = await Promise.race([firstLine(child), ended.then(() => null)])
  if (line === null) throw new Error(`The broker ended with ${child.exitCode}: ${errors}`)
  const { bootstrapServers } = JSON.parse(line) as { readonly bootstrapServers: string }
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
    return child.exitCode
  }
  return {
    port: Number(bootstrapServers.split(':')[1]),
    bootstrapServers,
    child,
    errors: () => errors,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  let text = ''
  if (child.stdout === null) throw new Error('The broker was started without a pipe for its output')
  for await (const bytes of child.stdout.iterator({ destroyOnReturn: false })) {
    text += (bytes as Buffer).toString()
    if (text.includes('\n')) break
  }
  return text
}
