import { expect, test } from 'vitest'
import { textLine } from './log.ts'

test('a line carries level, connector, task and fields', () => {
  const line = {
    level: 40,
    time: '2026-11-22T18:00:00.000Z',
    msg: 'Something.',
    connector: 'file',
    task: 0,
    path: '/x',
    count: 2,
  }
  expect(textLine(line)).toBe('[2026-11-22T18:00:00.000Z] WARN [file|task-0] Something. (path=/x, count=2)\n')
})

test('a line without context has none', () => {
  expect(textLine({ level: 30, time: 't', msg: 'Up.' })).toBe('[t] INFO Up.\n')
})

test('an error brings its trace', () => {
  expect(
    textLine({
      level: 50,
      time: 't',
      msg: 'Failed.',
      connector: 'x',
      err: { message: 'm', stack: 'Error: m\n    at y' },
    }),
  ).toBe('[t] ERROR [x] Failed.\nError: m\n    at y\n')
})

test('the words of an error are a field, on one line', () => {
  const line = { level: 40, time: 't', msg: 'Again.', error: 'refused\nby x' }
  expect(textLine(line)).toBe('[t] WARN Again. (error="refused\\nby x")\n')
})
