// The judge of the kill tests is tried before it judges: it must find every loss, and let pass what is allowed.
import { expect, test } from 'vitest'
import { arrivalsInFile, findDeliveryFault } from '../support/delivery-oracle.ts'
import type { Arrival, Crash } from '../support/delivery-oracle.ts'

const whole = (...positions: number[]): Arrival[] => positions.map((position) => ({ position, isTorn: false }))
const torn = (position: number): Arrival => ({ position, isTorn: true })

test.each<[string, Arrival[], Crash[]]>([
  ['everything once', whole(0, 1, 2, 3), []],
  ['a kill with nothing repeated', whole(0, 1, 2, 3), [{ seen: 2, committed: 2 }]],
  ['repeats back to the committed position', whole(0, 1, 2, 1, 2, 3), [{ seen: 3, committed: 1 }]],
  ['repeats that begin later than the kill was seen', whole(0, 1, 2, 1, 2, 3), [{ seen: 1, committed: 1 }]],
  ['two kills', whole(0, 1, 0, 1, 2, 2, 3), [{ seen: 2, committed: 0 }, { seen: 5, committed: 2 }]], // prettier-ignore
  ['a torn one that comes again', [...whole(0, 1), torn(2), ...whole(2, 3)], [{ seen: 2, committed: 2 }]],
  ['a torn one with repeats before it', [...whole(0, 1), torn(2), ...whole(1, 2, 3)], [{ seen: 2, committed: 1 }]],
])('lets pass: %s', (_, arrivals, crashes) => {
  expect(findDeliveryFault(arrivals, 4, crashes)).toBeNull()
})

test.each<[string, Arrival[], Crash[], RegExp]>([
  ['a gap', whole(0, 2, 3), [], /1 to 1 are missing/],
  ['a missing beginning', whole(1, 2, 3), [], /0 to 0 are missing/],
  ['a missing end', whole(0, 1, 2), [], /4 were expected, but the last is 2/],
  ['nothing at all', [], [], /4 were expected/],
  ['two swapped', whole(0, 2, 1, 3), [], /missing/],
  ['a repeat without a kill', whole(0, 1, 1, 2, 3), [], /nothing was killed/],
  ['a repeat before the kill', whole(0, 1, 1, 2, 3), [{ seen: 3, committed: 0 }], /nothing was killed/],
  ['two repeats for one kill', whole(0, 1, 1, 2, 2, 3), [{ seen: 1, committed: 0 }], /nothing was killed/],
  ['a repeat of what was committed', whole(0, 1, 2, 0, 1, 2, 3), [{ seen: 3, committed: 1 }], /was committed/],
  ['a gap behind repeats', whole(0, 1, 2, 1, 3), [{ seen: 3, committed: 1 }], /2 to 2 are missing/],
  [
    'a torn one that does not come again',
    [...whole(0, 1), torn(2), ...whole(3)],
    [{ seen: 2, committed: 1 }],
    /2 to 2/,
  ],
  ['a torn one without a kill', [...whole(0, 1), torn(2), ...whole(2, 3)], [], /nothing was killed/],
  ['a torn end', [...whole(0, 1, 2), torn(3)], [{ seen: 3, committed: 3 }], /is torn/],
])('finds: %s', (_, arrivals, crashes, fault) => {
  expect(findDeliveryFault(arrivals, 4, crashes)).toMatch(fault)
})

const texts = ['0 Grüße', '1 日本', '2 end']
const parse = (line: string): number | null => (/^\d /.test(line) ? Number(line[0]) : null)

test('a line of a file is whole, or the beginning of the one that was due, even cut within a character', () => {
  const cut = Buffer.from(texts[1]!).subarray(0, 4)
  const content = Buffer.concat([Buffer.from(`${texts[0]}\n`), cut, Buffer.from(`\n${texts[1]}\n${texts[2]}\n`)])
  expect(arrivalsInFile(content, parse, (position) => texts[position])).toEqual([...whole(0), torn(1), ...whole(1, 2)])
})

test('a line that is neither is refused', () => {
  const content = Buffer.from(`${texts[0]}\n0 Grüsse\n`)
  expect(() => arrivalsInFile(content, parse, (position) => texts[position])).toThrow(/line 2/)
})
