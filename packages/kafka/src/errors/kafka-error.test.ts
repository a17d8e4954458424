import { isConnectError, isRetriable } from '@sluice/api'
import { describe, expect, test } from 'vitest'
import { authorizationErrors, errorCode, fencedErrors, invalidMetadataErrors, retriableErrors } from './error-codes.ts'
import { errorFromCode, errorNameOf, KafkaError } from './kafka-error.ts'
import { ProtocolError } from './protocol-error.ts'

describe('a KafkaError', () => {
  test('says what was being done and what the broker answered', () => {
    const error = errorFromCode(6, 'Producing to orders-3')
    expect(error.message).toBe('Producing to orders-3: the broker answered NOT_LEADER_OR_FOLLOWER (6)')
    expect(error).toMatchObject({ name: 'KafkaError', errorName: 'NOT_LEADER_OR_FOLLOWER', errorCode: 6 })
    expect(errorFromCode(40, 'Creating topic t', 'bad cleanup.policy').message).toBe(
      'Creating topic t: the broker answered INVALID_CONFIG (40): bad cleanup.policy',
    )
  })

  test('of a code that we do not know keeps the number in its message', () => {
    const error = errorFromCode(9999, 'Fetching')
    expect(error.errorName).toBe('UNKNOWN_SERVER_ERROR')
    expect(error.retriable).toBe(false)
    expect(error.message).toContain('9999')
    expect(errorNameOf(9999)).toBeUndefined()
  })

  test('is retriable to the engine when Kafka says so, and an error of ours in any case', () => {
    expect(isRetriable(new KafkaError('NETWORK_EXCEPTION', 'lost'))).toBe(true)
    expect(isRetriable(new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'no'))).toBe(false)
    expect(isConnectError(new KafkaError('TOPIC_AUTHORIZATION_FAILED', 'no'))).toBe(true)
  })

  test('has the entry of our catalogue that fits', () => {
    expect(new KafkaError('REQUEST_TIMED_OUT', 'late').code).toBe('KAFKA_UNREACHABLE')
    expect(new KafkaError('POLICY_VIOLATION', 'no').code).toBe('KAFKA_REFUSED')
  })

  test('tells what its code calls for', () => {
    expect(errorFromCode(74, 'x')).toMatchObject({ retriable: true, invalidMetadata: true, fenced: false })
    expect(errorFromCode(90, 'x')).toMatchObject({ retriable: false, fenced: true })
    expect(errorFromCode(29, 'x')).toMatchObject({ retriable: false, authorization: true })
  })

  test('keeps its cause, and has none when there is none', () => {
    const cause = new Error('underneath')
    expect(new KafkaError('NETWORK_EXCEPTION', 'lost', { cause }).cause).toBe(cause)
    expect('cause' in new KafkaError('NETWORK_EXCEPTION', 'lost')).toBe(false)
  })
})

describe('the error codes', () => {
  test('are distinct, and every one has its name back', () => {
    for (const [name, code] of Object.entries(errorCode)) expect(errorNameOf(code)).toBe(name)
  })

  test('are retriable where metadata is out of date', () => {
    for (const name of invalidMetadataErrors) expect(retriableErrors).toContain(name)
    for (const name of [...fencedErrors, ...authorizationErrors]) expect(retriableErrors).not.toContain(name)
  })
})

test('a ProtocolError names message, version and position', () => {
  const error = new ProtocolError('INVALID_REQUEST', 'odd', { message: 'Fetch response', version: 12, position: 40 })
  expect(error.message).toBe('Fetch response version 12 at byte 40: odd')
  expect(error).toMatchObject({ name: 'ProtocolError', retriable: false })
})
