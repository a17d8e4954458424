import { expect, test } from 'vitest'
import { clientProps, sinkGroupId } from './client-props.ts'

const worker = {
  'bootstrap.servers': 'worker:9092',
  'security.protocol': 'SSL',
  'producer.linger.ms': '7',
  'producer.acks': '1',
  'consumer.group.id': 'shared',
  'admin.retries': '3',
}

test('a producer has Connect\u2019s fixed settings, the worker\u2019s and the connector\u2019s, later ones winning', () => {
  expect(clientProps('producer', 'id', worker, { 'producer.override.linger.ms': '9', topic: 't' })).toEqual({
    'bootstrap.servers': 'worker:9092',
    'client.id': 'id',
    acks: '1',
    'delivery.timeout.ms': '2147483647',
    'max.block.ms': '9223372036854775807',
    'batch.size': '131072',
    'linger.ms': '9',
  })
})

test('a consumer inherits the brokers, and no other unprefixed key', () => {
  expect(clientProps('consumer', 'id', worker, {})).toEqual({
    'bootstrap.servers': 'worker:9092',
    'client.id': 'id',
    'auto.offset.reset': 'earliest',
    'group.id': 'shared',
  })
})

test('an admin client inherits every unprefixed key', () => {
  expect(clientProps('admin', 'id', worker, { 'admin.override.client.id': 'own' })).toEqual({
    'bootstrap.servers': 'worker:9092',
    'security.protocol': 'SSL',
    'client.id': 'own',
    retries: '3',
  })
})

test('the group of a sink is connect-NAME unless worker or connector name another', () => {
  expect(sinkGroupId('orders', {}, {})).toBe('connect-orders')
  expect(sinkGroupId('orders', worker, {})).toBe('shared')
  expect(sinkGroupId('orders', worker, { 'consumer.override.group.id': 'own' })).toBe('own')
})
