import { expect, test } from 'vitest'
import { type HostLoss, type HostLossFacts, planAfterHostLoss } from './host-loss.ts'

const hung: HostLoss = { type: 'unresponsive', forMs: 30_000 }
const occupants = ['a-0', 'b-0', 'c-0'].map((id) => ({ id, losses: 0, openCall: id === 'c-0' ? null : 'poll()' }))

function plan(facts: Partial<HostLossFacts>): Record<string, string> {
  const verdicts = planAfterHostLoss({ loss: hung, mark: null, occupants, ...facts })
  return Object.fromEntries(
    [...verdicts].map(([id, verdict]) => [
      id,
      verdict.type === 'fail' ? verdict.trace : verdict.isIsolated ? 'alone' : 'again',
    ]),
  )
}

test('the task in whose code the host stopped fails, its neighbours start again', () => {
  expect(plan({ mark: { id: 'b-0', call: 'put()' } })).toEqual({
    'a-0': 'again',
    'b-0':
      'Running b-0 in put(): its host process did not answer for 30000 ms and was ended; code that blocks the event loop stops everything that shares the host.',
    'c-0': 'again',
  })
})

test('without a mark, each task with an open call gets a host of its own', () => {
  expect(plan({})).toEqual({ 'a-0': 'alone', 'b-0': 'alone', 'c-0': 'again' })
})

test('a visitor that stops the host leaves nobody to blame', () => {
  expect(plan({ mark: { id: 'd', call: 'validate()' } })).toEqual({ 'a-0': 'again', 'b-0': 'again', 'c-0': 'again' })
})

test('one open call is as good as a mark', () => {
  const one = occupants.map((occupant) => ({ ...occupant, openCall: occupant.id === 'a-0' ? 'poll()' : null }))
  expect(plan({ occupants: one })['a-0']).toMatch(/^Running a-0 in poll\(\): /)
})

test('alone on its host, a task is its own culprit', () => {
  const alone = [{ id: 'a-0', losses: 1, openCall: null }]
  expect(plan({ occupants: alone, loss: { type: 'exited', code: 7, signal: null } })).toEqual({
    'a-0': 'Running a-0: its host process exited with code 7, for the 2. time in a row.',
  })
})

test('who filled the memory is found by giving each a host of its own', () => {
  const loss: HostLoss = { type: 'over-memory', usedBytes: 900 * 1_048_576, limitBytes: 512 * 1_048_576 }
  expect(plan({ loss, mark: { id: 'a-0', call: 'poll()' } })).toEqual({
    'a-0': 'alone',
    'b-0': 'alone',
    'c-0': 'alone',
  })
  expect(plan({ loss, occupants: occupants.slice(0, 1) })['a-0']).toMatch(
    /held 900 MiB of memory, more than .* 512 MiB/,
  )
})

test('a host killed from outside blames nobody, until it happens to one task over and over', () => {
  const loss: HostLoss = { type: 'exited', code: null, signal: 'SIGKILL' }
  expect(plan({ loss, mark: { id: 'a-0', call: 'poll()' } })).toEqual({
    'a-0': 'again',
    'b-0': 'again',
    'c-0': 'again',
  })
  const often = (losses: number) => plan({ loss, occupants: [{ id: 'a-0', losses, openCall: null }] })['a-0']
  expect(often(0)).toBe('again')
  expect(often(1)).toBe('alone')
  expect(often(4)).toBe('Running a-0: its host process was ended by SIGKILL, for the 5. time in a row.')
})
