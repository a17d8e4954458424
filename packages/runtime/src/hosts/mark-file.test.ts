import { expect, test } from 'vitest'
import { PluginCalls } from '../worker/plugin-calls.ts'
import { createMarkFile, openMark } from './mark-file.ts'

test('the control plane reads whose code a host is in, while it is in it', async () => {
  const file = createMarkFile()
  const calls = new PluginCalls(openMark(file.descriptor))
  const site = calls.site('grüße\t-0', 'poll()')
  expect(file.read()).toBeNull()
  void calls.run(site, () => expect(file.read()).toEqual({ id: 'grüße\t-0', call: 'poll()' }))
  expect(file.read()).toBeNull()
  expect(() =>
    calls.run(site, () => {
      throw new Error('boom')
    }),
  ).toThrow('boom')
  expect(file.read()).toBeNull()
  file.close()
})

test('a call that goes on after its first await is open until it is over', async () => {
  const file = createMarkFile()
  const calls = new PluginCalls(openMark(file.descriptor))
  const { promise, resolve } = Promise.withResolvers<string>()
  const running = calls.run(calls.site('a-0', 'put()'), () => promise)
  expect(calls.open()).toEqual([['a-0', 'put()']])
  expect(file.read()).toBeNull()
  resolve('done')
  expect(await running).toBe('done')
  expect(calls.open()).toEqual([])
  file.close()
})

test('a name that is too long is cut, and without a file there is no mark', () => {
  const file = createMarkFile()
  const calls = new PluginCalls(openMark(file.descriptor))
  calls.enter(calls.site('a'.repeat(10_000), 'poll()'))
  expect(file.read()).toBeNull()
  file.close()
  const unmarked = new PluginCalls(openMark(999_999))
  expect(unmarked.run(unmarked.site('a-0', 'poll()'), () => 1)).toBe(1)
})
