import { expect, test } from 'vitest'
import { parseListener } from './listeners.ts'

test.each([
  ['http://:8083', { protocol: 'http', host: '', port: 8083 }],
  ['http://127.0.0.1:0', { protocol: 'http', host: '127.0.0.1', port: 0 }],
  ['HTTP://[::1]:8083', { protocol: 'http', host: '::1', port: 8083 }],
])('reads %s', (text, listener) => {
  expect(parseListener(text)).toEqual(listener)
})

test.each([
  ['localhost:8083', "Listener doesn't have the right format (protocol://hostname:port)."],
  ['http://localhost', "Listener doesn't have the right format (protocol://hostname:port)."],
  ['ftp://localhost:1', 'Listener protocol must be either "http" or "https".'],
  ['https://localhost:1', 'TLS'],
])('refuses %s', (text, message) => {
  expect(() => parseListener(text)).toThrow(message)
})
