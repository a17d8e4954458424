// An Apache Kafka Connect worker in standalone mode on 127.0.0.1.
import { spawnStandalone, whenReady } from '../standalone-worker.ts'
import type { StandaloneOptions, StandaloneWorker } from '../standalone-worker.ts'
import { ensureApache } from './ensure-apache.ts'
import { startJava } from './java-process.ts'

/** How the worker is started. */
export interface ApacheConnectOptions extends StandaloneOptions {
  readonly heapMb?: number
  readonly jvm?: readonly string[]
}

/** Spawns `connect-standalone` (256 MiB heap unless told otherwise) and returns at once. */
export async function spawnApacheConnect(options: ApacheConnectOptions): Promise<StandaloneWorker> {
  const install = await ensureApache()
  // The file connectors are on the class path, so nothing has to be scanned.
  const props = { 'plugin.discovery': 'service_load', ...options.props }
  return spawnStandalone('Apache Connect', { ...options, props }, (files, logFile) =>
    startJava({
      install,
      name: 'Apache Connect',
      mainClass: 'org.apache.kafka.connect.cli.ConnectStandalone',
      args: files,
      heapMb: options.heapMb ?? 256,
      ...(options.jvm ? { jvm: options.jvm } : {}),
      logFile,
    }),
  )
}

/** Starts a standalone worker of Apache Connect and resolves when it is healthy. */
export function startApacheConnect(options: ApacheConnectOptions): Promise<StandaloneWorker> {
  return whenReady(spawnApacheConnect(options))
}
