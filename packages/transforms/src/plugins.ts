import type { PluginDefinition } from '@sluice/api'
import { hoistField } from './hoist-field.ts'
import { insertField } from './insert-field.ts'
import { regexRouter } from './regex-router.ts'

const plugins: readonly PluginDefinition[] = [...hoistField, ...insertField, regexRouter]

export default plugins
