import { expect, test } from 'vitest'
import { createFakeClock } from './fake-clock.ts'

test('stands still until it is moved, and wakes sleepers in the order of their times', async () => {
  const clock = createFakeClock(1000)
  const woken: string[] = []
  const sleep = async (name: string, ms: number): Promise<void> => {
    await clock.sleep(ms)
    woken.push(`${name} at ${clock.now()}`)
  }
  const sleepers = [sleep('late', 30), sleep('early', 10), sleep('later', 31)]
  expect(clock.sleepers).toBe(3)
  await clock.advance(30)
  expect(woken).toEqual(['early at 1010', 'late at 1030'])
  expect(clock.now()).toBe(1030)
  await clock.advance(1)
  await Promise.all(sleepers)
  expect(clock.sleepers).toBe(0)
})

test('wakes who fell asleep on the way', async () => {
  const clock = createFakeClock()
  const times: number[] = []
  const ticking = (async () => {
    for (let n = 0; n < 3; n++) {
      await clock.sleep(10)
      times.push(clock.now())
    }
  })()
  await clock.advance(30)
  await ticking
  expect(times).toEqual([10, 20, 30])
})

test('a sleep ends with the reason of its signal', async () => {
  const clock = createFakeClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(10, controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(sleeping).rejects.toBe(reason)
  await expect(clock.sleep(10, controller.signal)).rejects.toBe(reason)
  expect(clock.sleepers).toBe(0)
})
