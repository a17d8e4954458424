// The broker as a process of its own:
//
//   node embedded-main.ts --port 9092 --data-dir ./data
//
// prints one line of JSON, {"bootstrapServers":"127.0.0.1:9092",…}, when it answers, and what it has to say of its
// health on standard error. It stops on SIGTERM and SIGINT, and when the process that forked it goes away.

import { parseArgs } from 'node:util'
import type { BrokerLog } from './broker-log.ts'
import { startEmbeddedBroker } from './start-embedded-broker.ts'
import { EmbeddedBrokerError } from './storage/broker-error.ts'

const unusable = 3

const log: BrokerLog = {
  debug: () => {},
  info: (message, fields) => print('info', message, fields),
  warn: (message, fields) => print('warn', message, fields),
  error: (message, fields) => print('error', message, fields),
}

function print(level: string, message: string, fields: Record<string, unknown> = {}): void {
  process.stderr.write(`${JSON.stringify({ level, message, ...fields })}\n`)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'data-dir': { type: 'string' },
      partitions: { type: 'string', default: '1' },
    },
  })
  const dataDir = values['data-dir']
  const broker = await startEmbeddedBroker({
    host: values.host,
    port: wholeNumber('port', values.port, 0),
    defaultPartitions: wholeNumber('partitions', values.partitions, 1),
    ...(dataDir === undefined ? {} : { dataDir }),
    log,
  })
  const stop = (): void => {
    void broker.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.once('disconnect', stop)
  const { bootstrapServers, clusterId } = broker
  process.stdout.write(`${JSON.stringify({ bootstrapServers, clusterId, pid: process.pid })}\n`)
}

function wholeNumber(option: string, text: string, min: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= 65_535) return value
  throw new RangeError(`--${option} ${text}: a whole number from ${min} to 65535 is expected`)
}

main().catch((error: unknown) => {
  const isExpected = error instanceof EmbeddedBrokerError || error instanceof RangeError || error instanceof TypeError
  process.stderr.write(`${isExpected ? error.message : String((error as Error).stack ?? error)}\n`)
  process.exit(unusable)
})
