import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from './broker-address.ts'

test.each([
  ['localhost:9092', { host: 'localhost', port: 9092 }],
  [' broker-1.example.com:1 ', { host: 'broker-1.example.com', port: 1 }],
  ['[::1]:9092', { host: '::1', port: 9092 }],
  ['127.0.0.1:65535', { host: '127.0.0.1', port: 65535 }],
])('reads %s and prints it again', (text, address) => {
  expect(parseAddress(text)).toEqual(address)
  expect(formatAddress(address)).toBe(text.trim())
})

test.each([
  '',
  'host',
  ':9092',
  'host:',
  'host:0',
  'host:65536',
  'host:9092/x',
  '::1:9092',
  'http://host:9092',
  'a b:1',
])('refuses %j', (text) => {
  expect(parseAddress(text)).toBeNull()
})
