import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configKeys, configSpec, field } from '@sluice/api'
import { type ConnectorExample, pluginFindings } from '@sluice/testkit'
import { expect, test } from 'vitest'
import plugins from './plugins.ts'

const root = join(import.meta.dirname, '..')

/** The definitions as Apache Connect reports them. */
interface RecordedPlugin {
  readonly class: string
  readonly config: readonly {
    readonly name: string
    readonly type: string
    readonly required: boolean
    readonly defaultText?: string | null
    readonly importance: string
    readonly group: string | null
    readonly order: number
    readonly width: string
    readonly displayName: string
  }[]
}

const recorded = JSON.parse(readFileSync(join(root, 'testdata/plugins.json'), 'utf8')) as {
  readonly plugins: readonly RecordedPlugin[]
}

const examples = readdirSync(join(root, 'examples')).map((file): ConnectorExample => ({
  title: file,
  config: JSON.parse(readFileSync(join(root, 'examples', file), 'utf8')) as ConnectorExample['config'],
}))

test.each(recorded.plugins)(
  'has the keys of $class, as Apache Connect defines them',
  ({ class: className, config }) => {
    const keys = configKeys(plugins.find((plugin) => plugin.className === className)!.config)
    expect(
      keys.map((key) => ({
        name: key.name,
        type: key.type,
        required: key.required,
        ...(key.required ? {} : { defaultText: key.default_value }),
        importance: key.importance,
        group: key.group,
        order: key.order_in_group,
        width: key.width,
        displayName: key.display_name,
      })),
    ).toEqual(
      config.map(({ name, type, required, defaultText, importance, group, order, width, displayName }) => ({
        name,
        type,
        required,
        ...(required ? {} : { defaultText }),
        importance,
        group,
        order,
        width,
        displayName,
      })),
    )
  },
)

const framework = configSpec({
  topics: field.list({ doc: 'Topics that a sink reads.', default: [] }),
  'tasks.max': field.int({ doc: 'Most tasks.', default: 1 }),
})

test('keeps the rules for plugins, its examples included', () => {
  expect(examples.length).toBeGreaterThan(1)
  expect(pluginFindings(plugins, { examples, framework })).toEqual([])
})
