import { expect, test } from 'vitest'
import { readConfig, readCreateRequest } from './request-body.ts'

const body = (text: string): Buffer => Buffer.from(text)

test('numbers and booleans become their text as it was written', () => {
  expect(readConfig(body('{"a":1,"b":1.0,"c":true,"d":12345678901234567890,"e":1e3,"f":null,"g":"x"}'))).toEqual({
    a: '1',
    b: '1.0',
    c: 'true',
    d: '12345678901234567890',
    e: '1e3',
    f: null,
    g: 'x',
  })
})

test('a key named __proto__ is a key like any other', () => {
  const config = readConfig(body('{"__proto__":"x"}'))
  expect(Object.keys(config)).toEqual(['__proto__'])
  expect(Object.getPrototypeOf(config)).toBe(Object.prototype)
})

test.each(['', 'null', '[]', '1', '"x"', '{"a":', '{"a":{}}', '{"a":[1]}', '{} x'])(
  'the body %j is refused',
  (text) => {
    expect(() => readConfig(body(text))).toThrow(expect.objectContaining({ code: 'REST_BODY_UNREADABLE' }) as Error)
  },
)

test('the name is trimmed, and absent or null it is empty', () => {
  expect(readCreateRequest(body('{"name":" a ","config":{}}')).name).toBe('a')
  expect(readCreateRequest(body('{"config":{}}')).name).toBe('')
  expect(readCreateRequest(body('{"name":null,"config":{}}')).name).toBe('')
})

test('the initial state is known in any case, and nothing else is', () => {
  expect(readCreateRequest(body('{"name":"a","config":{},"initial_state":"stopped"}')).initialState).toBe('STOPPED')
  expect(readCreateRequest(body('{"name":"a","config":{},"initial_state":null}')).initialState).toBeNull()
  expect(() => readCreateRequest(body('{"name":"a","config":{},"initial_state":"STARTED"}'))).toThrow('initial_state')
})

test('an unknown property is refused by its name', () => {
  expect(() => readCreateRequest(body('{"name":"a","config":{},"colour":1}'))).toThrow('Unrecognized field "colour"')
})
