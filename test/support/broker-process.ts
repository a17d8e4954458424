// The embedded broker in a process of its own, on data that outlives it.
import { join } from 'node:path'
import { freePort, startLogged } from './logged-process.ts'

const main = join(import.meta.dirname, '..', '..', 'packages', 'embedded', 'src', 'embedded-main.ts')

/** A broker that answers. */
export interface BrokerProcess {
  readonly port: number
  readonly bootstrapServers: string
  /** SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>
  /** An orderly stop. */
  close(): Promise<number | null>
}

/** Starts a broker with its data in `dir`, on the port of an earlier one or on a free one. */
export async function startBrokerProcess(options: { dir: string; port?: number }): Promise<BrokerProcess> {
  const port = options.port ?? (await freePort())
  const broker = startLogged({
    name: 'the embedded broker',
    command: process.execPath,
    args: ['--conditions=sluice-source', main, '--port', String(port), '--data-dir', join(options.dir, 'broker')],
    logFile: join(options.dir, 'broker.log'),
  })
  await broker.printed('bootstrapServers')
  return {
    port,
    bootstrapServers: `127.0.0.1:${port}`,
    kill: () => broker.kill(),
    close: () => broker.stop(),
  }
}
