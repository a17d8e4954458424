import { expect, test } from 'vitest'
import { checkTaskCount, recordedTaskConfigs, sameConfigs } from './task-configs.ts'

test('each task config gets its class, and a sink\u2019s its topics', () => {
  const connectorConfig = { topics: 'a', name: 'x' }
  expect(recordedTaskConfigs({ connectorConfig, taskClass: 'a.Task', divided: [{ id: '0' }, { id: '1' }] })).toEqual([
    { id: '0', 'task.class': 'a.Task', topics: 'a' },
    { id: '1', 'task.class': 'a.Task', topics: 'a' },
  ])
})

test('too many tasks are refused in the words of Connect, or let through with a warning', () => {
  expect(checkTaskCount('x', { 'tasks.max': '3' }, 3)).toBeNull()
  expect(() => checkTaskCount('x', { 'tasks.max': '3' }, 5)).toThrow(
    "The connector x has generated 5 tasks, which is greater than 3, the maximum number of tasks it is configured to create. This behaviour should be considered a bug and is disallowed. If necessary, it can be permitted by reconfiguring the connector with 'tasks.max.enforce' set to false; however, this option will be removed in a future release of Kafka Connect.",
  )
  expect(checkTaskCount('x', { 'tasks.max': '3', 'tasks.max.enforce': 'false' }, 5)).toMatch(/generated 5 tasks/)
})

test('configs are the same whatever the order of their keys', () => {
  expect(sameConfigs([{ a: '1', b: '2' }], [{ b: '2', a: '1' }])).toBe(true)
  expect(sameConfigs([{ a: '1' }], [{ a: '2' }])).toBe(false)
  expect(sameConfigs([{ a: '1' }], [{ a: '1', b: null }])).toBe(false)
  expect(sameConfigs([{ a: '1' }], [])).toBe(false)
})
