// Reads topics as bytes, with our own consumer, for tests that compare what two programs wrote.
import type { KafkaClient } from '@sluice/kafka'
import { partitionKey } from '@sluice/kafka'
import { waitUntil } from './wait-until.ts'

/** One record as it lies in the topic: bytes in hexadecimal, so that a difference prints well and nothing is lost. */
export interface RecordBytes {
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [key: string, value: string | null])[]
  readonly timestampType: string
}

function hex(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('hex')
}

/** The end offset of partition 0, or 0 while there is no such topic. */
export async function endOffset(client: KafkaClient, topic: string): Promise<number> {
  const admin = client.admin()
  try {
    const found = (await admin.describeTopics([topic])).get(topic)
    if (!found || found instanceof Error) return 0
    const ends = await admin.listOffsets([{ topic, partition: 0, at: 'latest' }])
    return ends.get(partitionKey({ topic, partition: 0 })) ?? 0
  } finally {
    await admin.close()
  }
}

/** Waits until partition 0 of the topic holds `count` records at least. */
export async function waitForRecords(client: KafkaClient, topic: string, count: number): Promise<void> {
  let end = 0
  await waitUntil(
    async () => (end = await endOffset(client, topic)) >= count,
    () => `${topic} to hold ${count} records; it holds ${end}`,
  )
}

/** Every record of partition 0, from its beginning to the end that it has when this is called. */
export async function readTopic(client: KafkaClient, topic: string): Promise<readonly RecordBytes[]> {
  const end = await endOffset(client, topic)
  const partition = { topic, partition: 0 }
  const consumer = client.consumer({ offsetReset: 'earliest' })
  const records: RecordBytes[] = []
  try {
    consumer.assign([partition])
    for (let position = 0; position < end;) {
      for (const batch of await consumer.poll(1000, 10_000)) {
        for (let index = 0; index < batch.count; index += 1) {
          records.push({
            offset: batch.offset(index),
            key: hex(batch.key(index)),
            value: hex(batch.value(index)),
            headers: batch.headers(index).map(([key, value]) => [key, hex(value)] as const),
            timestampType: batch.timestampType,
          })
        }
        position = batch.nextOffset
        batch.release()
      }
    }
  } finally {
    await consumer.close(5000)
  }
  return records
}

/** The values of records as text. */
export function valueTexts(records: readonly RecordBytes[]): readonly (string | null)[] {
  return records.map(({ value }) => (value === null ? null : Buffer.from(value, 'hex').toString('utf8')))
}

/** Values to be written to partition 0 of a topic, in order; null is a tombstone. */
export async function writeTopic(
  client: KafkaClient,
  topic: string,
  values: readonly (string | Uint8Array | null)[],
): Promise<void> {
  const producer = client.producer()
  const failures: Error[] = []
  const listener = { acknowledged: () => {}, failed: (_token: unknown, error: Error) => void failures.push(error) }
  for (const value of values) {
    const record = {
      topic,
      partition: 0,
      timestamp: null,
      key: null,
      value: typeof value === 'string' ? Buffer.from(value) : value,
      headers: null,
    }
    while (!producer.send(record, listener, null)) await producer.ready()
  }
  await producer.flush()
  await producer.close(10_000)
  if (failures[0]) throw failures[0]
}
