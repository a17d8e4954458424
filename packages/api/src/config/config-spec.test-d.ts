// What the compiler knows of a config, and what must not compile. Checked by `tsc`, never run.
import { defineSinkConnector, type SinkTask } from '../sink-connector.ts'
import { defineSourceConnector } from '../source-connector.ts'
import { isHttpUrl } from './checks.ts'
import { type Config, configSpec, mergeSpecs } from './config-spec.ts'
import { field } from './field.ts'
import { requireConfig } from './parse-config.ts'
import { renderConfig } from './render-config.ts'
import type { Secret } from './secret.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Flat<T> = { [K in keyof T]: T[K] }
function assert<_Holds extends true>(): void {}

const spec = configSpec({
  url: field.string({ doc: 'Endpoint.', importance: 'high', check: isHttpUrl }),
  method: field.oneOf(['POST', 'PUT'], { doc: 'Method.', default: 'POST' }),
  mode: field.oneOf(['a', 'b'], { doc: 'Mode.', optional: true, ignoreCase: true }),
  token: field.password({ doc: 'Token.', optional: true }),
  'batch.size': field.int({ doc: 'Size.', default: 2000, min: 1 }),
  'interval.ms': field.long({ doc: 'Interval.', default: 5, min: 0, max: 1000 }),
  position: field.long({ doc: 'Position.', optional: true }),
  topics: field.list({ doc: 'Topics.', default: [] }),
  strict: field.boolean({ doc: 'Strict.', default: false }),
})

assert<
  Equal<
    Flat<Config<typeof spec>>,
    {
      readonly url: string
      readonly method: 'POST' | 'PUT'
      readonly mode?: 'a' | 'b' | undefined
      readonly token?: Secret | undefined
      readonly 'batch.size': number
      readonly 'interval.ms': number
      readonly position?: number | bigint | undefined
      readonly topics: readonly string[]
      readonly strict: boolean
    }
  >
>()

const merged = mergeSpecs(
  spec,
  configSpec({ url: field.int({ doc: 'Now a number.' }), more: field.class({ doc: 'C.' }) }),
)
assert<Equal<Config<typeof merged>['url'], number>>()
assert<Equal<Config<typeof merged>['more'], string>>()
assert<Equal<Config<typeof merged>['method'], 'POST' | 'PUT'>>()

const config = requireConfig(spec, {})
// @ts-expect-error an optional key may be missing
config.token.reveal()
// @ts-expect-error no such key
void config.tokne
// @ts-expect-error a config does not change
config.url = 'b'

// @ts-expect-error a default of another type
field.int({ doc: 'D.', default: 'x' })
// @ts-expect-error a default outside of the values
field.oneOf(['POST', 'PUT'], { doc: 'D.', default: 'GET' })
// @ts-expect-error either a default or optional
field.string({ doc: 'D.', optional: true, default: 'x' })
// @ts-expect-error documentation is not optional
field.string({})
// @ts-expect-error no such option
field.string({ doc: 'D.', minimum: 1 })
// @ts-expect-error a text has no bounds
field.string({ doc: 'D.', min: 1 })
// @ts-expect-error a check of another type
field.int({ doc: 'D.', check: { describe: 'd', test: (text: string) => text } })

// @ts-expect-error a required key left out
renderConfig(spec, { url: 'http://a', method: 'POST', 'batch.size': 1, 'interval.ms': 1, topics: [] })

const task: SinkTask = { put: () => {} }
const facts = { name: 'a', summary: 'A.', config: spec }

defineSinkConnector({
  ...facts,
  startTask: (own, context) => {
    assert<Equal<typeof own, Config<typeof spec>>>()
    // @ts-expect-error there may be no reporter
    void context.errantRecordReporter.report
    return task
  },
})

defineSourceConnector({
  ...facts,
  taskConfig: configSpec({ table: field.string({ doc: 'Table.' }) }),
  taskConfigs: (own) => [{ table: own.url }],
  startTask: (own) => {
    assert<Equal<Flat<typeof own>, { readonly table: string }>>()
    return { poll: () => null }
  },
})

defineSourceConnector({
  ...facts,
  taskConfig: configSpec({ table: field.string({ doc: 'Table.' }) }),
  // @ts-expect-error not the task's config
  taskConfigs: (own) => [own],
  startTask: () => ({ poll: () => null }),
})
