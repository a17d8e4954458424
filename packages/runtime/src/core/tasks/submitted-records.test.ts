import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SourcePlace, type Submission, SubmittedRecords } from './submitted-records.ts'

function record(partition: string, offset: number): SourcePlace {
  // A new object each time: partitions are equal by content.
  return { sourcePartition: { partition }, sourceOffset: { offset } }
}

function take(ledger: SubmittedRecords): Record<string, unknown> {
  return Object.fromEntries(
    ledger.takeCommittable().map(({ partition, offset }) => [partition['partition'], offset['offset']]),
  )
}

test('an offset waits for every record before it in its partition (I2)', () => {
  const ledger = new SubmittedRecords()
  const [first, second, third, fourth] = [1, 2, 3, 4].map((offset) => ledger.submit(record('a', offset)))
  ledger.acknowledge(second!)
  expect(take(ledger)).toEqual({})
  ledger.acknowledge(first!)
  expect(take(ledger)).toEqual({ a: 2 })
  ledger.acknowledge(fourth!)
  expect(take(ledger)).toEqual({})
  ledger.acknowledge(third!)
  expect(take(ledger)).toEqual({ a: 4 })
  expect(take(ledger)).toEqual({})
})

test('partitions do not wait for each other', () => {
  const ledger = new SubmittedRecords()
  ledger.submit(record('a', 1))
  ledger.acknowledge(ledger.submit(record('b', 7)))
  expect(take(ledger)).toEqual({ b: 7 })
  expect(ledger.pending).toBe(1)
})

test('a record that was not sent after all holds nothing up', () => {
  const ledger = new SubmittedRecords()
  const [first, second, third] = [1, 2, 3].map((offset) => ledger.submit(record('a', offset)))
  ledger.acknowledge(third!)
  ledger.acknowledge(first!)
  ledger.withdraw(second!)
  expect(take(ledger)).toEqual({ a: 3 })
  expect(ledger.pending).toBe(0)
})

test('answering a record twice changes nothing', () => {
  const ledger = new SubmittedRecords()
  const first = ledger.submit(record('a', 1))
  ledger.acknowledge(first)
  ledger.acknowledge(first)
  ledger.withdraw(first)
  expect(ledger.pending).toBe(0)
  expect(take(ledger)).toEqual({ a: 1 })
})

test('a head that stays unacknowledged does not make the ledger grow (I9)', () => {
  const ledger = new SubmittedRecords()
  ledger.submit(record('a', 0))
  for (let offset = 1; offset <= 100_000; offset += 1) ledger.acknowledge(ledger.submit(record('a', offset)))
  expect(ledger.size).toBe(2)
})

// ---- the property: against a ledger that keeps everything and looks at it from the start each time.
interface Modelled {
  readonly submission: Submission
  readonly partition: string
  readonly offset: number
  fate: 'pending' | 'acknowledged' | 'withdrawn'
}

/** The offset of the last record of the longest acknowledged beginning, withdrawn records aside. */
function committable(model: readonly Modelled[], partition: string): number | null {
  let last: number | null = null
  for (const entry of model) {
    if (entry.partition !== partition || entry.fate === 'withdrawn') continue
    if (entry.fate === 'pending') break
    last = entry.offset
  }
  return last
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('submit' as const), partition: fc.constantFrom('a', 'b', 'c') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('acknowledge' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
)

test('yields exactly the acknowledged prefix of each partition, within its bound (I2, I9)', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const ledger = new SubmittedRecords()
      const model: Modelled[] = []
      const taken: Record<string, number> = {}
      for (const [index, action] of steps.entries()) {
        if (action.do === 'submit') {
          const submission = ledger.submit(record(action.partition, index))
          model.push({ submission, partition: action.partition, offset: index, fate: 'pending' })
        } else if (action.do === 'take') {
          Object.assign(taken, take(ledger))
          for (const partition of ['a', 'b', 'c']) {
            const expected = committable(model, partition)
            if (expected !== null) expect(taken[partition]).toBe(expected)
          }
        } else {
          const entry = model[action.which % Math.max(model.length, 1)]
          if (entry === undefined) continue
          ledger[action.do](entry.submission)
          if (entry.fate === 'pending') entry.fate = action.do === 'withdraw' ? 'withdrawn' : 'acknowledged'
        }
        const pending = model.filter(({ fate }) => fate === 'pending').length
        expect(ledger.pending).toBe(pending)
        expect(ledger.size).toBeLessThanOrEqual(2 * pending + 3)
      }
    }),
    { seed: 2, numRuns: 1_000 },
  )
})
