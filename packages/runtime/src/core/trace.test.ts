import { expect, test } from 'vitest'
import { traceOf } from './trace.ts'

test('shows an error with its frames, and what is underneath', () => {
  const error = new TypeError('outer', { cause: new Error('inner\nof two lines', { cause: 'a text' }) })
  const trace = traceOf(error)
  expect(trace).toMatch(/^TypeError: outer\n\tat .*trace\.test\.ts/)
  expect(trace).toMatch(/\nCaused by: Error: inner\nof two lines\n\tat /)
  expect(trace).toMatch(/\nCaused by: a text\n$/)
})

test('shows what was thrown that is no error', () => expect(traceOf(42)).toBe('42\n'))

test('an error that is its own cause ends', () => {
  const error = new Error('round')
  error.cause = error
  expect(traceOf(error).match(/round/g)!.length).toBeLessThan(50)
})
