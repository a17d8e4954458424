import { expect, test } from 'vitest'
import { LeaseHolder } from './lease-holder.ts'
import { Wakeup } from './wakeup.ts'

test('tells when a lease that had run out holds again, and only then', () => {
  let now = 0
  let renewals = 0
  const lease = new LeaseHolder(() => now)
  lease.onRenewed(() => (renewals += 1))
  expect(lease.holds()).toBe(false)
  lease.offer({ epoch: 1, expiresAtMs: 10 })
  lease.offer({ epoch: 1, expiresAtMs: 20 })
  expect([lease.holds(), renewals]).toEqual([true, 1])
  now = 20
  expect(lease.holds()).toBe(false)
  lease.offer({ epoch: 1, expiresAtMs: 30 })
  expect([lease.holds(), renewals]).toEqual([true, 2])
  lease.end()
  lease.offer({ epoch: 1, expiresAtMs: 99 })
  expect([lease.holds(), renewals]).toEqual([false, 2])
})

test('a sleeper is woken, also by what happened before it slept', async () => {
  const wakeup = new Wakeup()
  const sleeping = wakeup.sleep()
  wakeup.wake()
  await sleeping
  wakeup.wake()
  wakeup.wake()
  await wakeup.sleep()
  await wakeup.sleep(1)
})
