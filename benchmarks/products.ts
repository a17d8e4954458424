// The two workers that are compared, each behind the same few calls.
import { spawnApacheConnect } from '../test/support/apache/apache-connect.ts'
import { spawnSluice } from '../test/support/sluice-standalone.ts'
import type { StandaloneOptions, StandaloneWorker } from '../test/support/standalone-worker.ts'

/** A worker under measurement: how it is started, with its name for the report. */
export interface Product {
  readonly name: 'Apache Connect' | 'Sluice'
  /** Spawns a standalone worker and returns at once. */
  spawn(options: StandaloneOptions): Promise<StandaloneWorker>
}

/** Apache first, ours second; the launcher is that of the installation to be measured. */
export function products(launcher: string): readonly Product[] {
  return [
    { name: 'Apache Connect', spawn: (options) => spawnApacheConnect({ ...options, heapMb: 256 }) },
    { name: 'Sluice', spawn: (options) => spawnSluice({ ...options, launcher }) },
  ]
}

/** What both workers are told: strings as they are, so that the loops are measured and not JSON. */
export function workerProps(bootstrapServers: string): Record<string, string> {
  const converter = 'org.apache.kafka.connect.storage.StringConverter'
  return {
    'bootstrap.servers': bootstrapServers,
    'key.converter': converter,
    'value.converter': converter,
    'offset.flush.interval.ms': '10000',
  }
}

/** Creates a connector; throws with the worker's own words when it refuses. */
export async function createConnector(url: string, name: string, config: Record<string, string>): Promise<void> {
  const answer = await fetch(`${url}/connectors`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, config }),
  })
  if (answer.status !== 201) throw new Error(`Creating ${name} was answered ${answer.status}: ${await answer.text()}`)
}

/** Throws with the trace when the connector or one of its tasks has failed, so that nobody waits for it. */
export async function requireRunning(url: string, name: string): Promise<void> {
  const answer = await fetch(`${url}/connectors/${name}/status`)
  const text = await answer.text()
  if (text.includes('"FAILED"')) throw new Error(`${name} has failed: ${text}`)
}
