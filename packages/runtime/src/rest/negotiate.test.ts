import { describe, expect, test } from 'vitest'
import { acceptedType, allowedMethods, plainPath, refuseContentType, refuseUrl } from './negotiate.ts'

// What an Apache Kafka Connect 4.3.1 worker answered (test/compat/rest-standalone.json, connect-surface §1.1).
describe('the URL', () => {
  test.each([
    ['/connectors/a%2Fb', 400],
    ['/connectors/a%5Cb', 400],
    ['/connectors/a%25b', 400],
    ['/connectors/%2E%2E/x', 400],
    ['/connectors//x', 400],
    ['//status', 400],
    ['/connectors/%01', 400],
    ['/connectors/%zz', 400],
    ['/connectors/%ff', 400],
    [`/connectors/${'x'.repeat(8200)}`, 414],
  ])('%s is refused before it is routed', (url, status) => {
    expect(refuseUrl(url)?.status).toBe(status)
  })

  test.each([
    '/',
    '/connectors',
    '/connectors/a.b',
    '/connectors/%20x%20',
    '/connectors/日',
    '/connectors?x=%2F%25//',
    '/connectors/%E6%97%A5',
  ])('%s is let through', (url) => {
    expect(refuseUrl(url)).toBeNull()
  })

  test.each([
    ['/connectors/', '/connectors'],
    ['/', '/'],
    ['/connectors;a=b/source;c=d', '/connectors/source'],
    ['/connectors/?expand=a/b;c/', '/connectors?expand=a/b;c/'],
  ])('%s is routed as %s', (url, path) => {
    expect(plainPath(url)).toBe(path)
  })
})

describe('the content type', () => {
  test.each([
    [undefined, false, null],
    [undefined, true, 415],
    ['', false, null],
    ['application/json', false, null],
    ['application/json; charset=utf-8', true, null],
    ['APPLICATION/JSON', true, null],
    ['text/plain', false, 415],
    ['text/plain', true, 415],
    ['application/x-www-form-urlencoded', true, 415],
    ['nonsense', true, 400],
  ] as const)('%s with a body: %s → %s', (header, hasBody, refusal) => {
    expect(refuseContentType(header, hasBody)).toBe(refusal)
  })
})

describe('what the client accepts', () => {
  test.each([
    [undefined, 'application/json'],
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html', null],
    ['nonsense', null],
    ['application/xml', null],
    ['text/plain, application/json;q=0.5', 'application/json'],
    ['application/json;q=0', 'application/json'],
    ['application/json; charset=utf-8', 'application/json;charset=utf-8'],
  ])('%s → %s', (header, type) => {
    expect(acceptedType(header)).toBe(type)
  })
})

test.each([
  [['GET'], 'HEAD, GET, OPTIONS'],
  [['GET', 'POST'], 'HEAD, POST, GET, OPTIONS'],
  [['GET', 'DELETE'], 'HEAD, DELETE, GET, OPTIONS'],
  [['GET', 'PUT', 'PATCH'], 'HEAD, GET, OPTIONS, PUT, PATCH'],
  [['PUT'], 'OPTIONS, PUT'],
])('a path with %j allows %s', (declared, allowed) => {
  expect(allowedMethods(declared).join(', ')).toBe(allowed)
})
