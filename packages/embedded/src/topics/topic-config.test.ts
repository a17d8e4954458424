import { describe, expect, it } from 'vitest'
import { logSettings, topicConfigKeys, topicConfigProblem } from './topic-config.ts'
import { collisionKey, topicNameProblem } from './topic-name.ts'

describe('the settings of a topic', () => {
  it('have defaults that are themselves allowed', () => {
    for (const key of topicConfigKeys)
      if (key.default !== '') expect([key.name, topicConfigProblem(key.name, key.default)]).toEqual([key.name, null])
  })

  it.each([
    ['retention.ms', 'abc', 'Invalid value abc for configuration retention.ms: Not a number of type LONG'],
    ['retention.ms', '-2', 'Invalid value -2 for configuration retention.ms: Value must be at least -1, not -2'],
    [
      'retention.ms',
      '9223372036854775808',
      'Invalid value 9223372036854775808 for configuration retention.ms: Not a number of type LONG',
    ],
    [
      'max.message.bytes',
      '2147483648',
      'Invalid value 2147483648 for configuration max.message.bytes: Not a number of type INT',
    ],
    [
      'min.cleanable.dirty.ratio',
      '',
      'Invalid value  for configuration min.cleanable.dirty.ratio: Not a number of type DOUBLE',
    ],
    [
      'cleanup.policy',
      'shred',
      'Invalid value shred for configuration cleanup.policy: String must be one of: compact, delete',
    ],
    [
      'preallocate',
      'yes',
      'Invalid value yes for configuration preallocate: Expected value to be either true or false',
    ],
    ['retention', '1', 'Unknown topic config name: retention'],
  ])('%s=%j is refused', (name, value, message) => expect(topicConfigProblem(name, value)).toBe(message))

  it.each([
    ['cleanup.policy', 'compact, delete'],
    ['retention.ms', ' 7 '],
    ['retention.ms', '9223372036854775807'],
    ['preallocate', 'TRUE'],
  ])('%s=%j is allowed', (name, value) => expect(topicConfigProblem(name, value)).toBeNull())

  it('reach the logs', () => {
    expect(logSettings(new Map())).toEqual({
      maxMessageBytes: 1_048_588,
      segmentBytes: 128 * 1024 * 1024,
      timestampType: 'CreateTime',
      timestampBeforeMaxMs: Number(2n ** 63n - 1n),
      timestampAfterMaxMs: 3_600_000,
    })
    const configs = { 'max.message.bytes': '5', 'segment.bytes': '100', 'message.timestamp.type': 'LogAppendTime' }
    expect(logSettings(new Map(Object.entries(configs)))).toMatchObject({
      maxMessageBytes: 5,
      segmentBytes: 100,
      timestampType: 'LogAppendTime',
    })
  })
})

describe('the name of a topic', () => {
  it.each(['a', 'A.b-c_9', 'x'.repeat(249), '...'])('%s is allowed', (name) =>
    expect(topicNameProblem(name)).toBeNull(),
  )
  it.each(['', '.', '..', 'a b', 'ü', 'a/b', 'a\0', 'x'.repeat(250)])('%j is refused', (name) =>
    expect(topicNameProblem(name)).not.toBeNull(),
  )
  it('collides with one that differs in dots and underscores', () => {
    expect(collisionKey('a.b')).toBe(collisionKey('a_b'))
  })
})
