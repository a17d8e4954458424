import type { PluginDefinition } from '@sluice/api'
import { byteArrayConverter, byteArrayHeaderConverter } from './byte-array.ts'
import { jsonConverter, jsonHeaderConverter } from './json.ts'
import { simpleHeaderConverter } from './simple-header.ts'
import { stringConverter, stringHeaderConverter } from './string.ts'

const plugins: readonly PluginDefinition[] = [
  byteArrayConverter,
  jsonConverter,
  stringConverter,
  byteArrayHeaderConverter,
  jsonHeaderConverter,
  simpleHeaderConverter,
  stringHeaderConverter,
]

export default plugins
