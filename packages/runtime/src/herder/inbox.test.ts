import { expect, test } from 'vitest'
import { Inbox } from './inbox.ts'

test('one thing after the other in a lane, also after a failure, and lanes do not wait for each other', async () => {
  const inbox = new Inbox()
  const done: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = inbox.run('a', async () => {
    await gate.promise
    done.push('a1')
    throw new Error('a1 failed')
  })
  const second = inbox.run('a', async () => {
    done.push('a2')
    return 'two'
  })
  await inbox.run('b', async () => {
    done.push('b1')
  })
  expect(done).toEqual(['b1'])
  gate.resolve()
  await expect(first).rejects.toThrow('a1 failed')
  expect(await second).toBe('two')
  await inbox.idle()
  expect(done).toEqual(['b1', 'a1', 'a2'])
})
