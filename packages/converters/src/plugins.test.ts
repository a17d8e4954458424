import { readFileSync } from 'node:fs'
import { configKeyInfos } from '@sluice/api'
import { pluginFindings } from '@sluice/testkit'
import { expect, test } from 'vitest'
import plugins from './plugins.ts'

interface RecordedKey {
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

interface RecordedPlugin {
  readonly class: string
  readonly type: string
  readonly config: readonly RecordedKey[]
}

const recorded = (
  JSON.parse(readFileSync(new URL('../testdata/plugins.json', import.meta.url), 'utf8')) as {
    readonly plugins: readonly RecordedPlugin[]
  }
).plugins

test.each(recorded.map((plugin) => [plugin.type, plugin.class, plugin] as const))(
  'the %s %s has the keys of Apache, in its order',
  (type, className, expected) => {
    const plugin = plugins.find((candidate) => candidate.kind === type && candidate.className === className)!
    const keys = configKeyInfos(plugin.config).map((key) => ({
      name: key.name,
      type: key.type,
      required: key.required,
      defaultText: key.default_value ?? null,
      importance: key.importance,
      group: key.group,
      order: key.order_in_group,
      width: key.width,
      displayName: key.display_name,
    }))
    expect(keys).toEqual(
      expected.config.map((key) => ({
        name: key.name,
        type: key.type,
        required: key.required,
        defaultText: key.defaultText ?? null,
        importance: key.importance,
        group: key.group,
        order: key.order,
        width: key.width,
        displayName: key.displayName,
      })),
    )
  },
)

test('the plugins keep the rules of definitions', () => {
  expect(pluginFindings(plugins)).toEqual([])
})
