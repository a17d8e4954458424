// The input: made anew for each run, the same for both products.
import { open } from 'node:fs/promises'
import type { KafkaClient } from '@sluice/kafka'
import type { FilledTopic } from './measurements.ts'

const LINES_A_WRITE = 2000
const alphabet = 'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 '

/** The `index`th text of this many ASCII characters; each begins with its number. */
export function textOf(index: number, length: number): string {
  const start = index % alphabet.length
  const filler = alphabet.slice(start) + alphabet.slice(0, start)
  return `${index} ${filler.repeat(Math.ceil(length / filler.length))}`.slice(0, length)
}

/** Writes a file of lines, each of `lineBytes` characters and a line end. */
export async function writeLines(path: string, lines: number, lineBytes: number): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (let from = 0; from < lines; from += LINES_A_WRITE) {
      const count = Math.min(LINES_A_WRITE, lines - from)
      const part = Array.from({ length: count }, (_, index) => `${textOf(from + index, lineBytes)}\n`)
      await file.write(part.join(''))
    }
  } finally {
    await file.close()
  }
}

/** Creates the topic with one partition and fills it. */
export async function fillTopic(client: KafkaClient, topic: FilledTopic): Promise<void> {
  const admin = client.admin()
  await admin.createTopics([{ name: topic.name, partitions: 1, replicationFactor: 1 }])
  await admin.close()
  const producer = client.producer({ lingerMs: 5, batchSize: 256 * 1024 })
  const failures: Error[] = []
  const listener = { acknowledged: () => {}, failed: (_token: unknown, error: Error) => void failures.push(error) }
  for (let index = 0; index < topic.records; index += 1) {
    const value = Buffer.from(textOf(index, topic.valueBytes))
    const record = { topic: topic.name, partition: 0, timestamp: null, key: null, value, headers: null }
    while (!producer.send(record, listener, null)) await producer.ready()
  }
  await producer.flush()
  await producer.close(30_000)
  if (failures[0]) throw failures[0]
}
