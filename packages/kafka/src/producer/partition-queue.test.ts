import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RecordBatchBuilder } from '../records/record-batch-builder.ts'
import { PartitionQueue, sequenceAfter } from './partition-queue.ts'
import { ProducerBatch } from './producer-batch.ts'
import type { ProducerIdentity } from './producer-batch.ts'

const listener = { acknowledged() {}, failed() {} }
const record = { topic: 't', partition: 0, timestamp: 0, key: null, value: Buffer.from('v'), headers: null }

function batchOf(ordinal: number, records: number): ProducerBatch {
  const batch = new ProducerBatch({ ordinal, createdAtMs: 0, reserved: 200 }, new RecordBatchBuilder(200))
  for (let i = 0; i < records; i++) batch.append(record, 0, listener, i)
  return batch
}

const rules = { nowMs: 0, lingerMs: 0, hurry: true, maxInFlight: 5, isIdempotent: true }

/**
 * What a broker does with the batches of one producer and partition: it stores a batch once and in turn, or refuses.
 * From a producer that it does not know it takes any batch.
 */
class OnePartitionBroker {
  readonly stored: ProducerBatch[] = []
  #epoch = -1
  #next = 0

  offer(batch: ProducerBatch, identity: ProducerIdentity, sequence: number): 'stored' | 'repeated' | 'refused' {
    if (this.#epoch === -1) [this.#epoch, this.#next] = [identity.epoch, sequence]
    if (identity.epoch > this.#epoch && sequence === 0) [this.#epoch, this.#next] = [identity.epoch, 0]
    if (identity.epoch !== this.#epoch) return 'refused'
    if (sequence < this.#next) return 'repeated'
    if (sequence > this.#next) return 'refused'
    this.#next += batch.count
    this.stored.push(batch)
    return 'stored'
  }

  forget(): void {
    this.#epoch = -1
  }
}

type Fate = 'answered' | 'request lost' | 'answer lost' | 'answered late' | 'given up' | 'broker forgets'

interface Sent {
  readonly batch: ProducerBatch
  readonly identity: ProducerIdentity
  readonly sequence: number
}

/** Sends batches through a queue to a broker while fate strikes; what was given up without an answer comes back. */
function sendAll(given: readonly ProducerBatch[], fates: readonly Fate[], broker: OnePartitionBroker): ProducerBatch[] {
  const queue = new PartitionQueue('t', 0)
  let identity: ProducerIdentity = { producerId: 1n, epoch: 0 }
  const pending = [...given]
  const givenUp: ProducerBatch[] = []
  const underWay: Sent[] = []
  let nowMs = 0
  const arrive = (sent: Sent, fate: Fate): void => {
    const answer = fate === 'request lost' ? 'lost' : broker.offer(sent.batch, sent.identity, sent.sequence)
    if (answer === 'refused' && fate !== 'answer lost') queue.refuseSequence(sent.batch, 0)
    else if (answer === 'lost' || fate === 'answer lost') queue.retry(sent.batch, 0)
    else queue.acknowledge(sent.batch, nowMs)
    if (fate === 'given up') givenUp.push(...queue.removeOlderThan(0))
  }
  for (let step = 0; pending.length > 0 || !queue.isEmpty; step++) {
    expect(step).toBeLessThan(5000)
    // After enough steps the network heals, so that the test ends.
    const fateOf = (i: number): Fate => (step > 2000 ? 'answered' : fates[(step * 7 + i) % fates.length]!)
    queue.open ??= pending.shift() ?? null
    // Brokers forget whom they have not heard of for long. (Of a batch whose answer was lost, a broker without memory
    // could only make a second copy: such a silence is longer than any delivery timeout.)
    const isAllAnswered = !broker.stored.some((batch) => queue.batches().includes(batch))
    if (fateOf(0) === 'broker forgets' && underWay.length === 0 && isAllAnswered) {
      broker.forget()
      nowMs += 86_400_000
    }
    if (queue.needsNewEpoch && queue.inFlightCount === 0) {
      identity = { ...identity, epoch: identity.epoch + 1 }
      queue.restart(identity)
    }
    const next = queue.next({ ...rules, nowMs })
    if (next.kind === 'send') {
      queue.take(next.batch, identity)
      underWay.push({ batch: next.batch, identity: queue.identity!, sequence: next.batch.sequence })
      if (fateOf(0) === 'answered late' && underWay.length < 5) continue
    }
    for (const [i, sent] of underWay.splice(0).entries()) arrive(sent, fateOf(i))
  }
  return givenUp
}

test('stores every batch once and in order, whatever gets lost on the way, and across epochs', () => {
  const fate = fc.constantFrom<Fate>(
    'answered',
    'request lost',
    'answer lost',
    'answered late',
    'given up',
    'broker forgets',
  )
  const fates = fc.array(fate, { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(fates, fc.integer({ min: 1, max: 40 }), (what, count) => {
      const broker = new OnePartitionBroker()
      const given = Array.from({ length: count }, (_, ordinal) => batchOf(ordinal, 1 + (ordinal % 3)))
      const givenUp = sendAll(given, what, broker)
      const ordinals = broker.stored.map((batch) => batch.place.ordinal)
      expect(ordinals).toEqual([...ordinals].sort((a, b) => a - b))
      expect(new Set(ordinals).size).toBe(ordinals.length)
      for (const batch of given) expect(broker.stored.includes(batch) || givenUp.includes(batch)).toBe(true)
    }),
    { seed: 20, numRuns: 500 },
  )
})

test('numbers records on through the largest sequence', () => {
  expect(sequenceAfter(10, 5)).toBe(15)
  expect(sequenceAfter(2147483645, 2)).toBe(2147483647)
  expect(sequenceAfter(2147483646, 2)).toBe(0)
  expect(sequenceAfter(2147483647, 3)).toBe(2)
})

test('lingers for an open batch and waits for the back-off of one that is to be repeated', () => {
  const queue = new PartitionQueue('t', 0)
  queue.open = batchOf(0, 1)
  expect(queue.next({ ...rules, lingerMs: 5, hurry: false })).toEqual({ kind: 'wait', untilMs: 5 })
  const next = queue.next({ ...rules, nowMs: 5, lingerMs: 5, hurry: false })
  expect(next.kind).toBe('send')
  if (next.kind !== 'send') return
  queue.take(next.batch, null)
  queue.retry(next.batch, 100)
  expect(queue.next(rules)).toEqual({ kind: 'wait', untilMs: 100 })
  expect(queue.next({ ...rules, nowMs: 100 })).toEqual({ kind: 'send', batch: next.batch })
})
