import {
  type Converter,
  type Header,
  type HeaderConverter,
  type Headers,
  newRecord,
  noHeaders,
  type SinkRecord,
  type SourceRecord,
  validateValue,
  type WireHeaders,
} from '@sluice/api'
import type { FetchedBatch, ProducerRecord } from '@sluice/kafka'
import { type PipelineStep, recordError, sinkPlace, sourcePlace } from './record-error.ts'
import type { TransformChain } from './transform-chain.ts'

/** A converter with the step that names it when it fails. */
export interface NamedConverter<C> {
  readonly step: PipelineStep
  readonly converter: C
}

/** Everything between a task and Kafka. Each task has its own. */
export interface PipelineParts {
  /** The task itself, for records that it should not have given. */
  readonly task: PipelineStep
  readonly chain: TransformChain
  readonly key: NamedConverter<Converter>
  readonly value: NamedConverter<Converter>
  readonly header: NamedConverter<HeaderConverter>
}

/**
 * The way of a record between a task and Kafka: transforms and converters, synchronous, no promise and no closure per
 * record. A record that fails throws an error that names its place, the stage and the plugin.
 */
export class RecordPipeline {
  readonly #parts: PipelineParts
  /** Records that a transform dropped on purpose. */
  filtered = 0

  constructor(parts: PipelineParts) {
    this.#parts = parts
  }

  /** What goes to Kafka for a source record; null when a transform dropped it. */
  toKafka(record: SourceRecord): ProducerRecord | null {
    const { chain, header, key, value, task } = this.#parts
    let step = task
    try {
      const changed = this.#transform(canonical(record))
      if (changed === null) return null
      const { topic, headers } = changed
      step = header.step
      const wireHeaders = headers.length === 0 ? null : this.#headersToWire(topic, headers)
      step = key.step
      const keyBytes = key.converter.fromConnectData(topic, headers, changed.keySchema, changed.key)
      step = value.step
      const valueBytes = value.converter.fromConnectData(topic, headers, changed.valueSchema, changed.value)
      return {
        topic,
        partition: changed.partition,
        timestamp: changed.timestamp,
        key: keyBytes,
        value: valueBytes,
        headers: wireHeaders,
      }
    } catch (cause) {
      const failed = chain.at ?? step
      chain.at = null
      throw recordError(failed, sourcePlace(record), cause)
    }
  }

  /** Adds the records of a fetched batch that no transform dropped. The batch can be released afterwards. */
  fromKafka(batch: FetchedBatch, into: SinkRecord[]): void {
    for (let index = 0; index < batch.count; index += 1) {
      const record = this.#sinkRecord(batch, index)
      if (record === null) this.filtered += 1
      else into.push(record)
    }
  }

  async close(): Promise<void> {
    const { chain, key, value, header } = this.#parts
    await chain.close()
    await key.converter.close?.()
    await value.converter.close?.()
    await header.converter.close?.()
  }

  #sinkRecord(batch: FetchedBatch, index: number): SinkRecord | null {
    const { chain, header, key, value } = this.#parts
    const { topic, partition, timestampType } = batch
    let step = key.step
    try {
      const wireHeaders = batch.headers(index)
      const keyData = key.converter.toConnectData(topic, wireHeaders, batch.key(index))
      step = value.step
      const valueData = value.converter.toConnectData(topic, wireHeaders, batch.value(index))
      step = header.step
      const headers = wireHeaders.length === 0 ? noHeaders : this.#headersFromWire(topic, wireHeaders)
      const timestamp = batch.timestamp(index)
      const offset = batch.offset(index)
      // The properties of `sinkRecord`, in its order: one shape for all records.
      const record: SinkRecord = {
        topic,
        partition,
        keySchema: keyData.schema,
        key: keyData.value,
        valueSchema: valueData.schema,
        value: valueData.value,
        timestamp: timestampType === 'NoTimestampType' || timestamp < 0 ? null : timestamp,
        headers,
        offset,
        timestampType,
        originalTopic: topic,
        originalPartition: partition,
        originalOffset: offset,
      }
      if (chain.isEmpty) return record
      const changed = chain.apply(record)
      chain.at = null
      return changed
    } catch (cause) {
      const failed = chain.at ?? step
      chain.at = null
      throw recordError(failed, sinkPlace(topic, partition, batch.offset(index)), cause)
    }
  }

  #transform(record: SourceRecord): SourceRecord | null {
    const { chain } = this.#parts
    if (chain.isEmpty) return record
    const changed = chain.apply(record)
    chain.at = null
    if (changed === null) this.filtered += 1
    return changed
  }

  #headersToWire(topic: string, headers: Headers): WireHeaders {
    const { converter } = this.#parts.header
    const wire: (readonly [string, Uint8Array | null])[] = []
    for (const { key, schema, value } of headers)
      wire.push([key, converter.fromConnectHeader(topic, key, schema, value)])
    return wire
  }

  #headersFromWire(topic: string, wire: WireHeaders): Headers {
    const { converter } = this.#parts.header
    const headers: Header[] = []
    for (const [key, bytes] of wire) {
      const { schema, value } = converter.toConnectHeader(topic, key, bytes)
      headers.push({ key, schema, value })
    }
    return headers
  }
}

/** What a task gave, checked against its schemas and in the one form that equal values have. */
function canonical(record: SourceRecord): SourceRecord {
  const key = validateValue(record.keySchema, record.key)
  const value = validateValue(record.valueSchema, record.value)
  return Object.is(key, record.key) && Object.is(value, record.value) ? record : newRecord(record, { key, value })
}
