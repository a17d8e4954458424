import { configSpec, defineSinkConnector, defineTransform, field, nonEmptyString } from '@sluice/api'
import { expect, test } from 'vitest'
import { type ConformanceFinding, type ConnectorExample, pluginFindings } from './plugin-conformance.ts'

const good = defineSinkConnector({
  name: 'good-sink',
  className: 'org.example.GoodSink',
  summary: 'Keeps records.',
  config: configSpec({
    'connection.url': field.string({ doc: 'Where to.', check: nonEmptyString }),
    'batch.size': field.int({ doc: 'Most records per request.', default: 10, min: 1, recommended: ['1', '100'] }),
    'flush.timeout.ms': field.long({ doc: 'Longest wait.', default: 1000 }),
    'auth.token': field.password({ doc: 'Token.', optional: true, dependents: ['connection.url'] }),
    'old.size': field.int({ doc: 'Most records.', optional: true, deprecated: 'Use batch.size.' }),
  }),
  startTask: () => ({ put: () => {} }),
})

const bad = defineTransform({
  name: 'Bad_Transform',
  summary: 'no full stop',
  config: configSpec({
    Field_Name: field.string({ doc: 'Name.', default: '', check: nonEmptyString }),
    'api.key': field.string({ doc: 'Key.' }),
    timeout: field.int({ doc: 'Longest wait', default: 1, dependents: ['nothing'] }),
    retries: field.int({ doc: 'Times.', default: 0, max: 5, recommended: ['9'] }),
  }),
  create: () => ({ apply: (record) => record }),
})

function told(findings: readonly ConformanceFinding[]): readonly string[] {
  return findings.map(({ rule, subject }) => `${rule} ${subject}`)
}

test('finds nothing in a plugin that keeps the rules', () => {
  expect(pluginFindings([good])).toEqual([])
})

test('finds every broken rule', () => {
  expect(told(pluginFindings([good, bad]))).toEqual([
    'name null',
    'summary null',
    'key-name Field_Name',
    'password api.key',
    'doc timeout',
    'unit timeout',
    'dependents timeout',
    'canonical-key retries',
    'default retries',
    'default Field_Name',
  ])
})

test('wants one plugin per name and kind', () => {
  const twin = defineSinkConnector({ ...good, name: 'twin', aliases: ['good-sink'] })
  expect(pluginFindings([good, twin]).map(({ message }) => message)).toEqual([
    '"org.example.GoodSink" is also a name of org.example.GoodSink',
    '"good-sink" is also a name of org.example.GoodSink',
  ])
})

test('lints the examples, deprecated keys and secrets in clear text included', () => {
  const examples: readonly ConnectorExample[] = [
    { title: 'fine', config: { 'connector.class': 'good-sink', 'connection.url': 'u', 'auth.token': '${env:TOKEN}' } },
    { title: 'wrong', config: { 'connector.class': 'org.example.GoodSink', 'batch.size': '0', 'batch.sise': '1' } },
    {
      title: 'old',
      config: { 'connector.class': 'good-sink', 'connection.url': 'u', 'old.size': '1', 'auth.token': 'x' },
    },
    { title: 'lost', config: { 'connector.class': 'nowhere' } },
  ]
  expect(pluginFindings([good], { examples }).map(({ subject, message }) => `${subject}: ${message}`)).toEqual([
    'wrong: Missing required configuration "connection.url" which has no default value.',
    'wrong: Invalid value 0 for configuration batch.size: Value must be at least 1',
    'wrong: "batch.sise" is not known',
    'old: "old.size" is deprecated. Use batch.size.',
    'old: "auth.token" is a secret in clear text',
    'lost: No connector is called "nowhere"',
  ])
})

test('knows the keys that every connector has when it is told', () => {
  const framework = configSpec({ 'tasks.max': field.int({ doc: 'Tasks.', default: 1 }) })
  const config = { 'connector.class': 'good-sink', name: 'a', 'connection.url': 'u', 'tasks.max': '2' }
  const examples = [{ title: 'fine', config }]
  expect(pluginFindings([good], { examples, framework })).toEqual([])
  expect(told(pluginFindings([good], { examples }))).toEqual(['example fine'])
})

test('takes exceptions with a reason, and reports those that are not needed', () => {
  const exception = { plugin: 'Bad_Transform', reason: 'Named by Kafka Connect.' } as const
  const findings = pluginFindings([bad], {
    exceptions: [
      { ...exception, rule: 'key-name', subject: 'Field_Name' },
      { ...exception, rule: 'unit', subject: 'Field_Name' },
    ],
  })
  expect(told(findings)).not.toContain('key-name Field_Name')
  expect(told(findings)).toContain('exception Field_Name')
})
