import type { PluginDefinition } from '@sluice/api'
import { fileStreamSink } from './file-stream-sink.ts'
import { fileStreamSource } from './file-stream-source.ts'

const plugins: readonly PluginDefinition[] = [fileStreamSource, fileStreamSink]

export default plugins
