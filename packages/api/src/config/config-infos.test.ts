import { expect, test } from 'vitest'
import facts from '../../testdata/connector-config.json' with { type: 'json' }
import {
  allOf,
  isRegex,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  uniqueList,
  validList,
} from './checks.ts'
import { type ConfigKeyInfo, configInfos, configKeyInfos } from './config-infos.ts'
import { specFromKeys } from './config-keys.ts'
import { configSpec, embedSpec, mergeSpecs } from './config-spec.ts'
import { field } from './field.ts'

/** A definition as Connect's own data gives it. */
interface Fact {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly defaultText?: string | null
  readonly importance: string
  readonly group: string | null
  readonly order: number
  readonly width: string
  readonly displayName: string
}

function definition(fact: Fact): Omit<ConfigKeyInfo, 'documentation'> {
  return {
    name: fact.name,
    type: fact.type as ConfigKeyInfo['type'],
    required: fact.required,
    default_value: fact.defaultText ?? null,
    importance: fact.importance as ConfigKeyInfo['importance'],
    group: fact.group,
    order_in_group: fact.order,
    width: fact.width as ConfigKeyInfo['width'],
    display_name: fact.displayName,
    dependents: [],
  }
}

const doc = 'Documented elsewhere.'
const version = '4.3.1'
const common = { doc, group: 'Common' } as const
const errors = { doc, group: 'Error Handling' } as const
const once = { doc, group: 'Exactly Once Support' } as const

function converterFields(part: 'Key' | 'Value' | 'Header', order: number, className: string) {
  const low = { ...common, importance: 'low', width: 'short' } as const
  return [
    field.class({ ...low, order, displayName: `${part} converter class`, default: className }),
    field.string({ ...low, order: order + 1, displayName: `${part} converter version`, default: version }),
  ] as const
}

const [key, keyVersion] = converterFields('Key', 6, 'org.apache.kafka.connect.json.JsonConverter')
const [value, valueVersion] = converterFields('Value', 8, 'org.apache.kafka.connect.storage.StringConverter')
const [header, headerVersion] = converterFields('Header', 10, 'org.apache.kafka.connect.storage.SimpleHeaderConverter')

function aliases(group: string, order: number, what: string) {
  const check = allOf(nonNull, uniqueList(what))
  return field.list({ doc, group, order, displayName: group, importance: 'low', width: 'long', default: [], check })
}

// The framework's keys of a source connector, by hand, as the runtime declares them.
const framework = configSpec({
  name: field.string({
    ...common,
    importance: 'high',
    width: 'medium',
    displayName: 'Connector name',
    check: nonEmptyStringWithoutControlChars,
  }),
  'connector.class': field.string({ ...common, importance: 'high', width: 'long', displayName: 'Connector class' }),
  'connector.plugin.version': field.string({
    ...common,
    width: 'medium',
    displayName: 'Connector version',
    default: version,
    recommended: [version],
  }),
  'tasks.max': field.int({
    ...common,
    importance: 'high',
    width: 'short',
    displayName: 'Tasks max',
    default: 1,
    min: 1,
  }),
  'tasks.max.enforce': field.boolean({
    ...common,
    importance: 'low',
    width: 'short',
    displayName: 'Enforce tasks max',
    default: true,
  }),
  'key.converter': key,
  'key.converter.plugin.version': keyVersion,
  'value.converter': value,
  'value.converter.plugin.version': valueVersion,
  'header.converter': header,
  'header.converter.plugin.version': headerVersion,
  transforms: aliases('Transforms', 12, 'transformation aliases'),
  predicates: aliases('Predicates', 13, 'predicate aliases'),
  'config.action.reload': field.oneOf(['none', 'restart'], {
    ...common,
    order: 14,
    importance: 'low',
    width: 'medium',
    displayName: 'Reload Action',
    default: 'restart',
  }),
  'errors.retry.timeout': field.long({
    ...errors,
    width: 'medium',
    displayName: 'Retry Timeout for Errors',
    default: 0,
  }),
  'errors.retry.delay.max.ms': field.long({
    ...errors,
    width: 'medium',
    displayName: 'Maximum Delay Between Retries for Errors',
    default: 60_000,
  }),
  'errors.tolerance': field.oneOf(['none', 'all'], {
    ...errors,
    width: 'short',
    displayName: 'Error Tolerance',
    default: 'none',
  }),
  'errors.log.enable': field.boolean({ ...errors, width: 'short', displayName: 'Log Errors', default: false }),
  'errors.log.include.messages': field.boolean({
    ...errors,
    width: 'short',
    displayName: 'Log Error Details',
    default: false,
  }),
  'topic.creation.groups': field.list({
    doc,
    group: 'Topic Creation',
    importance: 'low',
    width: 'long',
    displayName: 'Topic Creation Groups',
    default: [],
    check: allOf(nonNull, uniqueList('topic creation groups')),
  }),
  'exactly.once.support': field.oneOf(['required', 'requested'], {
    ...once,
    order: 2,
    width: 'short',
    displayName: 'Exactly once support',
    default: 'requested',
    ignoreCase: true,
  }),
  'transaction.boundary': field.oneOf(['interval', 'poll', 'connector'], {
    ...once,
    order: 3,
    width: 'short',
    displayName: 'Transaction Boundary',
    default: 'poll',
    ignoreCase: true,
  }),
  'transaction.boundary.interval.ms': field.long({
    ...once,
    order: 4,
    importance: 'low',
    width: 'short',
    displayName: 'Transaction boundary interval',
    optional: true,
    min: 0,
  }),
  'offsets.storage.topic': field.string({
    doc,
    group: 'offsets.topic',
    importance: 'low',
    width: 'long',
    displayName: 'Offsets topic',
    optional: true,
    check: nonEmptyString,
  }),
})

const fileSource = configSpec({
  file: field.string({ doc, importance: 'high', optional: true }),
  topic: field.string({ doc, importance: 'high', check: nonEmptyString }),
  'batch.size': field.int({ doc, importance: 'low', default: 2000 }),
})

const spec = mergeSpecs(framework, fileSource)
const props = {
  name: 'file-source',
  'connector.class': 'FileStreamSource',
  'tasks.max': '1',
  topic: 't',
  file: '/tmp/x',
}

test('defines the keys of a source connector as Connect does', () => {
  const definitions = configKeyInfos(framework).map(({ documentation: _documentation, ...rest }) => rest)
  expect(definitions).toEqual((facts.sourceConnector as unknown as readonly Fact[]).map(definition))
})

test('answers for FileStreamSource as Connect does', () => {
  const infos = configInfos(spec, props, 'FileStreamSource')
  expect(Object.keys(infos)).toEqual(['name', 'error_count', 'groups', 'configs'])
  expect({ ...infos, configs: infos.configs.length }).toEqual({
    name: 'FileStreamSource',
    error_count: 0,
    groups: [
      'Common',
      'Transforms',
      'Predicates',
      'Error Handling',
      'Topic Creation',
      'Exactly Once Support',
      'offsets.topic',
    ],
    configs: 27,
  })
  // The order of the properties counts, too: the answer is compared as text.
  const about = (name: string) => JSON.stringify(infos.configs.find((one) => one.definition?.name === name))
  expect(about('tasks.max')).toBe(
    '{"definition":{"name":"tasks.max","type":"INT","required":false,"default_value":"1","importance":"HIGH",' +
      '"documentation":"Documented elsewhere.","group":"Common","order_in_group":4,"width":"SHORT",' +
      '"display_name":"Tasks max","dependents":[]},"value":{"name":"tasks.max","value":"1",' +
      '"recommended_values":[],"errors":[],"visible":true}}',
  )
  expect(about('batch.size')).toBe(
    '{"definition":{"name":"batch.size","type":"INT","required":false,"default_value":"2000","importance":"LOW",' +
      '"documentation":"Documented elsewhere.","group":null,"order_in_group":-1,"width":"NONE",' +
      '"display_name":"batch.size","dependents":[]},"value":{"name":"batch.size","value":"2000",' +
      '"recommended_values":[],"errors":[],"visible":true}}',
  )
  expect(about('transaction.boundary.interval.ms')).toContain('"value":null')
  const values = Object.fromEntries(infos.configs.map((one) => [one.value?.name, one.value?.value]))
  expect(values).toMatchObject({ name: 'file-source', file: '/tmp/x', topic: 't', transforms: '', 'tasks.max': '1' })
})

test('counts every message and keeps the value that could not be read empty', () => {
  const infos = configInfos(spec, { 'tasks.max': 'abc', transforms: 'a,a', topic: null }, 'FileStreamSource')
  expect(infos.error_count).toBe(5)
  const wrong = infos.configs.flatMap(({ value: one }) => (one === null || one.errors.length === 0 ? [] : [one]))
  expect(wrong.map(({ name, value: text, errors: found }) => [name, text, found.length])).toEqual([
    ['name', null, 1],
    ['connector.class', null, 1],
    ['tasks.max', null, 2],
    ['transforms', 'a,a', 1],
  ])
})

test('complains of repeats in validation, which using the config drops', () => {
  const topics = configSpec({ topics: field.list({ doc, default: [], check: validList() }) })
  expect(configInfos(topics, { topics: 'a,a' }, 'X').configs[0]?.value).toMatchObject({
    value: 'a,a',
    errors: ["Configuration 'topics' values must not be duplicated."],
  })
})

test('shows a password as [hidden], given or default', () => {
  const secret = configSpec({ token: field.password({ doc }), pin: field.password({ doc, optional: true }) })
  const text = JSON.stringify(configInfos(secret, { token: 'hunter2' }, 'X'))
  expect(text).not.toContain('hunter2')
  expect(text).toContain('"value":"[hidden]"')
})

test('embeds a transform as Connect does: required keys first, each half sorted, orders going on', () => {
  for (const { class: name, own, enriched } of facts.transforms) {
    const facetsOf = (list: unknown) =>
      (list as readonly Fact[]).map((fact) => ({ ...definition(fact), documentation: doc }))
    const added = configSpec({
      predicate: field.string({ doc, default: '' }),
      negate: field.boolean({ doc, default: false }),
    })
    const whole = mergeSpecs(specFromKeys(facetsOf(own)), added)
    const embedded = configKeyInfos(embedSpec(whole, 'transforms.A.', { group: 'Transforms: A', firstOrder: 2 }))
    const place = (info: { name: string; order_in_group: number; group: string | null; display_name: string }) =>
      [info.name, info.order_in_group, info.group, info.display_name].join(' | ')
    expect([name, ...embedded.map(place)]).toEqual([name, ...facetsOf(enriched).slice(2).map(place)])
  }
})

test('keeps the expression of a required key apart from its absence', () => {
  const regex = configSpec({ regex: field.string({ doc, check: isRegex }) })
  expect(configInfos(regex, {}, 'X').error_count).toBe(2)
})
