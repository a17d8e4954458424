import { configInfos, configSpec, field } from '@sluice/api'
import { expect, test } from 'vitest'
import { pathOf, routes, type Route } from './routes.ts'
import { schemas } from './shapes.ts'

test('declares each method and path once, with bodies that have a shape', () => {
  const all: readonly Route[] = Object.values(routes)
  expect(new Set(all.map(({ method, path }) => `${method} ${path}`)).size).toBe(all.length)
  for (const { request, response, status } of all) {
    for (const shape of [request, response]) if (shape !== undefined) expect(schemas).toHaveProperty(shape)
    expect(status === 204).toBe(response === undefined)
  }
})

test('fills the parameters of a path, each one as a single segment', () => {
  expect(pathOf('taskStatus', { connector: 'a/b c?', task: 0 })).toBe('/connectors/a%2Fb%20c%3F/tasks/0/status')
})

test('lists the properties of the bodies in the order in which Connect writes them', () => {
  const propertiesOf = (shape: { readonly properties: object }): string => Object.keys(shape.properties).join(' ')
  expect(propertiesOf(schemas.ServerInfo)).toBe('version commit kafka_cluster_id')
  expect(propertiesOf(schemas.ConnectorInfo)).toBe('name config tasks type')
  expect(propertiesOf(schemas.ConnectorStateInfo)).toBe('name connector tasks type')
  expect(propertiesOf(schemas.TaskState)).toBe('id state worker_id version trace')
  expect(propertiesOf(schemas.ConfigInfos)).toBe('name error_count groups configs')
})

test('gives a validation the shape that the config kernel answers with', () => {
  const infos = configInfos(configSpec({ a: field.int({ doc: 'A.' }) }), {}, 'X')
  const { definition, value } = schemas.ConfigInfos.properties.configs.items.properties
  expect(Object.keys(infos)).toEqual(Object.keys(schemas.ConfigInfos.properties))
  expect(Object.keys(infos.configs[0]?.definition ?? {})).toEqual(Object.keys(definition.properties))
  expect(Object.keys(infos.configs[0]?.value ?? {})).toEqual(Object.keys(value.properties))
})
