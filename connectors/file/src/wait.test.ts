import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { wait } from './wait.ts'

const days = 86_400_000

test('ends after its time', async () => {
  await wait(1, new AbortController().signal)
})

test('ends when the task does, and leaves nothing behind', async () => {
  const { signal, ...ending } = withAbort()
  const waiting = wait(days, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(1)
  ending.abort()
  await waiting
  await wait(days, signal)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

test('ends when it is woken', async () => {
  const { signal } = withAbort()
  await wait(days, signal, (wake) => setImmediate(wake))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

function withAbort(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
