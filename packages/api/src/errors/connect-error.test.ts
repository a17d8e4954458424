import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  ConnectError,
  DataError,
  isConfigError,
  isConnectError,
  isDataError,
  isRetriable,
  RetriableError,
} from './connect-error.ts'
import { errorCodes } from './error-codes.ts'

describe('the four classes', () => {
  const cases = [
    { error: new ConnectError('c'), name: 'ConnectError', code: 'CONNECT_ERROR', kind: 'none' },
    { error: new RetriableError('r'), name: 'RetriableError', code: 'RETRIABLE', kind: 'retriable' },
    { error: new DataError('d'), name: 'DataError', code: 'DATA_INVALID', kind: 'data' },
    { error: new ConfigError('f'), name: 'ConfigError', code: 'CONNECT_CONFIG_INVALID', kind: 'config' },
  ]

  test.each(cases)('$name is known by its brand, its name and its code', ({ error, name, code, kind }) => {
    expect(isConnectError(error)).toBe(true)
    expect([isRetriable(error), isDataError(error), isConfigError(error)]).toEqual([
      kind === 'retriable',
      kind === 'data',
      kind === 'config',
    ])
    expect(error.name).toBe(name)
    expect(error.code).toBe(code)
    expect(String(error)).toBe(`${name}: ${error.message}`)
    expect(Object.keys(error)).not.toContain('name')
  })

  test('a subclass keeps what the engine does with its parent', () => {
    class TargetBusy extends RetriableError {}
    expect(isRetriable(new TargetBusy('busy'))).toBe(true)
    expect(isDataError(new TargetBusy('busy'))).toBe(false)
  })

  test('errors of another copy of this package are known, foreign errors are not', () => {
    const brand = Symbol.for('sluice.error')
    const fromOtherCopy = Object.assign(new Error('later'), { [brand]: 'retriable', code: 'RETRIABLE' })
    expect(isRetriable(fromOtherCopy)).toBe(true)
    expect(isConnectError(fromOtherCopy)).toBe(true)
    for (const foreign of [new Error('x'), new TypeError('x'), null, undefined, 'text', {}]) {
      expect(isConnectError(foreign)).toBe(false)
    }
  })

  test('the cause is kept, and absent where there is none', () => {
    const cause = new Error('underneath')
    expect(new DataError('d', { cause }).cause).toBe(cause)
    expect('cause' in new DataError('d')).toBe(false)
  })

  test('a ConfigError carries every issue', () => {
    const issues = [{ key: 'topics', message: 'must not be empty', suggestion: 'Name a topic.' }]
    expect(new ConfigError('Reading the config.', issues).issues).toEqual(issues)
    expect(new ConfigError('Reading the config.').issues).toEqual([])
  })
})

describe('the catalogue', () => {
  test('every code has a status, an exit code, and a cause and a remedy of one sentence each', () => {
    for (const [code, { status, exitCode, cause, remedy }] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(600)
      expect([1, 2, 3]).toContain(exitCode)
      for (const sentence of [cause, remedy]) expect(sentence).toMatch(/^[A-Z].*[^.]\.$/)
    }
  })

  test('every code is given to some error', () => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url))
    const files = globSync('{packages,connectors}/*/src/**/*.ts', { cwd: root })
    const sources = files.filter((file) => !/error-codes\.ts$|\.test\.ts$/.test(file))
    const text = sources.map((file) => readFileSync(root + file, 'utf8')).join('\n')
    expect(Object.keys(errorCodes).filter((code) => !text.includes(`'${code}'`))).toEqual([])
  })

  test('the codes stand in order, so that one is found', () => {
    const codes = Object.keys(errorCodes)
    expect(codes).toEqual(codes.toSorted())
  })
})
