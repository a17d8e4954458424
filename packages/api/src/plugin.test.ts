import { expect, test } from 'vitest'
import { configSpec } from './config/config-spec.ts'
import { field } from './config/field.ts'
import { defineSinkConnector } from './sink-connector.ts'
import { defineSourceConnector } from './source-connector.ts'
import { Schema } from './data/schema.ts'
import { sourceRecord } from './record/source-record.ts'
import { defineTransform, keyAndValue } from './transform.ts'

const config = configSpec({ size: field.int({ doc: 'Size.', default: 1 }) })
const facts = { name: 'one', summary: 'One.', config }
const context = {
  name: 'c',
  config: {},
  signal: new AbortController().signal,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  requestTaskReconfiguration: () => {},
}

test('fills in the names that an author leaves out', () => {
  const plain = defineSinkConnector({ ...facts, startTask: () => ({ put: () => {} }) })
  expect(plain).toMatchObject({ kind: 'sink', className: 'one', taskClass: 'one', aliases: [] })
  const named = defineSourceConnector({
    ...facts,
    className: 'org.example.OneConnector',
    taskClass: 'org.example.OneTask',
    taskConfigs: (own) => [own],
    startTask: () => ({ poll: () => null }),
  })
  expect(named).toMatchObject({
    kind: 'source',
    className: 'org.example.OneConnector',
    taskClass: 'org.example.OneTask',
  })
  expect([named.taskConfig, plain.taskConfig]).toEqual([config, config])
})

test('freezes a definition, so that nobody changes it for the others', () => {
  const plugin = defineTransform({ ...facts, create: () => ({ apply: (record) => record }) })
  expect(Object.isFrozen(plugin)).toBe(true)
})

test('gives every task of a sink the config of the connector when it does not divide the work', async () => {
  const sink = defineSinkConnector({ ...facts, startTask: () => ({ put: () => {} }) })
  expect(await sink.taskConfigs({ size: 7 }, 3, context)).toEqual([{ size: 7 }, { size: 7 }, { size: 7 }])
})

test('makes the key and the value transform of one function', () => {
  const pair = keyAndValue({
    name: 'wrap-field',
    className: 'org.example.WrapField',
    aliases: ['wrap'],
    summary: 'Wraps the data.',
    config,
    create: ({ size }, part) => ({
      apply: (record) => part.replace(record, Schema.string, `${part.name} ${part.valueOf(record)} ${size}`),
    }),
  })
  expect(pair.map(({ name, className, aliases, summary }) => [name, className, aliases, summary])).toEqual([
    ['wrap-field-key', 'org.example.WrapField$Key', ['wrap$Key'], 'Wraps the data, in the key of a record.'],
    ['wrap-field-value', 'org.example.WrapField$Value', ['wrap$Value'], 'Wraps the data, in the value of a record.'],
  ])
  const place = { sourcePartition: {}, sourceOffset: {} }
  const record = sourceRecord({ topic: 't', key: 'k', value: 'v', ...place })
  const [key, value] = pair.map((plugin) => plugin.create({ size: 2 }).apply(record))
  expect(key).toEqual({ ...record, keySchema: Schema.string, key: 'key k 2' })
  expect(value).toEqual({ ...record, valueSchema: Schema.string, value: 'value v 2' })
})
