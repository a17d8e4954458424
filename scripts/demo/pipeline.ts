// The demo's connectors: one file source per data set, one file sink for all of them.
import { join } from 'node:path'
import type { DataSet } from './data-sets.ts'

/** A connector as the REST API takes it. */
export interface Connector {
  readonly name: string
  readonly config: Readonly<Record<string, string>>
}

/** The topic that a data set goes through; the router makes it of the name. */
export function topicOf(set: DataSet): string {
  return `demo-${set.name}`
}

/** Where everything ends. */
export function outputFile(folder: string): string {
  return join(folder, 'output.jsonl')
}

/** The class names are Apache Connect's own: the same configs run there. */
function source(set: DataSet): Connector {
  const transforms = 'org.apache.kafka.connect.transforms'
  return {
    name: set.name,
    config: {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file: set.file,
      topic: set.name,
      transforms: 'hoist,label,route',
      'transforms.hoist.type': `${transforms}.HoistField$Value`,
      'transforms.hoist.field': 'line',
      'transforms.label.type': `${transforms}.InsertField$Value`,
      'transforms.label.static.field': 'set',
      'transforms.label.static.value': set.name,
      'transforms.route.type': `${transforms}.RegexRouter`,
      'transforms.route.regex': '(.*)',
      'transforms.route.replacement': 'demo-$1',
    },
  }
}

/** The three sources. */
export function sourceConnectors(sets: readonly DataSet[]): readonly Connector[] {
  return sets.map(source)
}

/** The sink: the records as they lie in Kafka, which is JSON, one a line. */
export function sinkConnector(sets: readonly DataSet[], folder: string): Connector {
  return {
    name: 'everything',
    config: {
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSinkConnector',
      file: outputFile(folder),
      topics: sets.map(topicOf).join(','),
      'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    },
  }
}
