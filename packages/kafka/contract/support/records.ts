import type { TopicPartition, WireHeaders } from '@sluice/api'
import type { KafkaError } from '../../src/errors/kafka-error.ts'
import type {
  ConsumerOptions,
  ConsumerPort,
  FetchedBatch,
  KafkaClient,
  ProducerPort,
  ProducerRecord,
  SendListener,
} from '../../src/ports.ts'

/** A record as it is read back, copied out of its frame. */
export interface ReadRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  readonly headers: readonly (readonly [string, string | null])[]
}

/** What became of a record that was sent. */
export interface Outcome {
  readonly token: unknown
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly error: KafkaError | null
}

/** A listener that notes what it is told, in order. */
export class Outcomes implements SendListener {
  readonly all: Outcome[] = []

  acknowledged(token: unknown, partition: number, offset: number, timestamp: number): void {
    this.all.push({ token, partition, offset, timestamp, error: null })
  }

  failed(token: unknown, error: KafkaError): void {
    this.all.push({ token, partition: -1, offset: -1, timestamp: -1, error })
  }

  get errors(): KafkaError[] {
    return this.all.flatMap(({ error }) => (error === null ? [] : [error]))
  }
}

/** A record with nothing but what is given. */
export function record(topic: string, fields: Partial<Omit<ProducerRecord, 'topic'>> = {}): ProducerRecord {
  return { topic, partition: null, timestamp: null, key: null, value: null, headers: null, ...fields }
}

/** Sends the records one after the other, waiting where there is no room; says how often there was none. */
export async function sendAll(
  producer: ProducerPort,
  records: readonly ProducerRecord[],
  listener: SendListener,
): Promise<{ readonly refusals: number }> {
  let refusals = 0
  for (const [token, sent] of records.entries()) {
    while (!producer.send(sent, listener, token)) {
      refusals++
      await producer.ready()
    }
  }
  return { refusals }
}

/** Sends the values to one partition, under a producer of their own, until all are acknowledged. */
export async function produce(
  client: KafkaClient,
  partition: TopicPartition,
  values: readonly string[],
): Promise<void> {
  const producer = client.producer()
  const outcomes = new Outcomes()
  const records = values.map((value) =>
    record(partition.topic, { partition: partition.partition, value: Buffer.from(value) }),
  )
  await sendAll(producer, records, outcomes)
  await producer.flush()
  await producer.close(1000)
  if (outcomes.errors[0] !== undefined) throw outcomes.errors[0]
}

/** Copies a batch out of its frame and gives the frame back. */
export function copyBatch(batch: FetchedBatch): ReadRecord[] {
  const records = Array.from({ length: batch.count }, (_, i) => ({
    partition: batch.partition,
    offset: batch.offset(i),
    timestamp: batch.timestamp(i),
    key: text(batch.key(i)),
    value: text(batch.value(i)),
    headers: copyHeaders(batch.headers(i)),
  }))
  batch.release()
  return records
}

function copyHeaders(headers: WireHeaders): readonly (readonly [string, string | null])[] {
  return headers.map(([key, value]) => [key, text(value)] as const)
}

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('utf8')
}

/** Polls until so many records have come. */
export async function pollRecords(consumer: ConsumerPort, count: number, maxRecords = 500): Promise<ReadRecord[]> {
  const records: ReadRecord[] = []
  const deadline = performance.now() + 30_000
  while (records.length < count) {
    if (performance.now() > deadline) throw new Error(`Of ${count} records only ${records.length} came`)
    for (const batch of await consumer.poll(1000, maxRecords)) records.push(...copyBatch(batch))
  }
  return records
}

/** Everything that a topic holds, by partition in order of offset. */
export async function readTopic(
  client: KafkaClient,
  topic: string,
  options: ConsumerOptions = {},
): Promise<ReadRecord[]> {
  const consumer = client.consumer({ offsetReset: 'earliest', ...options })
  const { partitions } = await topicInfo(client, topic)
  const all = partitions.map(({ partition }) => ({ topic, partition }))
  const [begin, end] = [await consumer.beginningOffsets(all), await consumer.endOffsets(all)]
  let count = 0
  for (const [key, offset] of end) count += offset - (begin.get(key) ?? 0)
  consumer.assign(all)
  const records = await pollRecords(consumer, count)
  await consumer.close(1000)
  return records.sort((a, b) => a.partition - b.partition || a.offset - b.offset)
}

async function topicInfo(
  client: KafkaClient,
  topic: string,
): Promise<{ partitions: readonly { partition: number }[] }> {
  const admin = client.admin()
  const found = (await admin.describeTopics([topic])).get(topic)
  await admin.close()
  if (found === undefined || found instanceof Error) throw found ?? new Error(`Topic ${topic} is not described`)
  return found
}
