// The demo's input: real public data that the package vega-datasets ships, as files of one record a line.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One file of lines. */
export interface DataSet {
  readonly name: string
  readonly file: string
  /** The lines without their ends: what has to arrive. */
  readonly lines: readonly string[]
  /** Who made the data, and on what terms it is used here. */
  readonly attribution: string
}

interface Described {
  readonly path: string
  readonly licenses?: readonly { readonly title?: string; readonly path?: string }[]
  readonly sources?: readonly { readonly title?: string }[]
}

const packageFolder = join(import.meta.dirname, '..', '..', 'node_modules', 'vega-datasets')

function attributionOf(file: string): string {
  const described = JSON.parse(readFileSync(join(packageFolder, 'datapackage.json'), 'utf8')) as {
    readonly resources: readonly Described[]
  }
  const resource = described.resources.find(({ path }) => path === file)
  const source = resource?.sources?.[0]?.title ?? 'source not stated'
  const licence = resource?.licenses?.[0]
  return `${source}; ${licence?.title ?? licence?.path ?? 'licence not stated'}`
}

/** A JSON array becomes one line per element; a file of lines stays as it is. */
function linesOf(file: string): readonly string[] {
  const text = readFileSync(join(packageFolder, 'data', file), 'utf8')
  if (!file.endsWith('.json')) return text.replace(/\n$/, '').split('\n')
  return (JSON.parse(text) as readonly unknown[]).map((element) => JSON.stringify(element))
}

function dataSet(folder: string, name: string, original: string): DataSet {
  const lines = linesOf(original)
  const file = join(folder, `${name}${original.endsWith('.json') ? '.jsonl' : '.csv'}`)
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return { name, file, lines, attribution: attributionOf(original) }
}

/**
 * Writes the input files to a folder: football matches of five leagues (their names are not ASCII), places of the
 * United States, delays of 200,000 flights.
 */
export function writeDataSets(folder: string): readonly DataSet[] {
  mkdirSync(folder, { recursive: true })
  return [
    dataSet(folder, 'football', 'football.json'),
    dataSet(folder, 'places', 'zipcodes.csv'),
    dataSet(folder, 'flights', 'flights-200k.json'),
  ]
}
