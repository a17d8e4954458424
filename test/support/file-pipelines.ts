// A file that is hard to read and pipelines that read it: the same for Apache Connect and for us.

/** Connector or worker properties. */
export type Props = Readonly<Record<string, string>>

/** Lines that are short enough to be kept in a recording. */
const shortLines = [
  'plain',
  '',
  '',
  ' blanks at both ends ',
  '\ttab\u0000nul\u0001\u001f\u007f controls \u0085\u2028\u2029',
  '\uFEFFbyte order mark',
  'Grüße aus Köln, Español, Ελληνικά, Русский, עברית, العربية, हिन्दी, 日本語, 한국어',
  'beyond the first plane: 😀 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧',
  'e\u0301 is not é',
  '"quotes" \\backslashes\\ /slashes/ {"json":"text"} [1,2]',
  'null',
  '12345678901234567890',
  '=key=value #comment',
]

// Around the 1,024 characters that Apache's reader starts with, and far beyond them and any network buffer.
const longLines = [
  ...[1022, 1023, 1024, 1025, 2047, 2048, 4096, 65_536].map((length) => 'x'.repeat(length)),
  'ü'.repeat(70_000),
  '日'.repeat(40_000),
  '😀'.repeat(3000),
]
// Line ends: all three kinds, and a lone CR before what could be mistaken for the rest of a CRLF.
const terminators = ['\n', '\r\n', '\r', '\n', '\n', '\r\n', '\r']

/** The content of a file and the lines that a reader makes of it. */
export interface LineFile {
  readonly text: string
  readonly lines: readonly string[]
}

function lineFile(lines: readonly string[]): LineFile {
  const text = lines.map((line, index) => line + (terminators[index % terminators.length] ?? '')).join('')
  return { text: `${text}end\n`, lines: [...lines, 'end'] }
}

/** A small file. */
export const shortFile: LineFile = lineFile(shortLines)
/** The same and lines of up to 240,000 bytes. */
export const longFile: LineFile = lineFile([...shortLines, ...longLines, 'last'])

const json = 'org.apache.kafka.connect.json.JsonConverter'
const string = 'org.apache.kafka.connect.storage.StringConverter'
const converters: Readonly<Record<string, Props>> = {
  string: { 'key.converter': string, 'value.converter': string },
  json: {
    'key.converter': json,
    'key.converter.schemas.enable': 'false',
    'value.converter': json,
    'value.converter.schemas.enable': 'false',
  },
  'json-with-schema': {
    'key.converter': json,
    'key.converter.schemas.enable': 'true',
    'value.converter': json,
    'value.converter.schemas.enable': 'true',
  },
}

const transforms = 'org.apache.kafka.connect.transforms'
/** Transforms by pipeline, in order; the router, last, is added to each. */
const pipelines: Readonly<Record<string, Readonly<Record<string, Props>>>> = {
  plain: {},
  hoisted: { hoist: { type: `${transforms}.HoistField$Value`, field: 'línea' } },
  inserted: {
    hoist: { type: `${transforms}.HoistField$Value`, field: 'line' },
    static: {
      type: `${transforms}.InsertField$Value`,
      'static.field': 'origin!',
      'static.value': 'Apache "und" wir, 日本',
    },
    topic: { type: `${transforms}.InsertField$Value`, 'topic.field': 'topic', 'partition.field': 'partition?' },
  },
  keyed: { key: { type: `${transforms}.HoistField$Key`, field: 'key' } },
  'keyed-inserted': {
    key: { type: `${transforms}.HoistField$Key`, field: 'key' },
    more: { type: `${transforms}.InsertField$Key`, 'static.field': 'zeta', 'static.value': 'z' },
    most: {
      type: `${transforms}.InsertField$Key`,
      'static.field': 'alpha',
      'static.value': 'a',
      'topic.field': 'topic',
    },
  },
  nested: {
    inner: { type: `${transforms}.HoistField$Value`, field: 'inner' },
    outer: { type: `${transforms}.HoistField$Value`, field: 'outer' },
  },
}

/** One source connector each: a pipeline through a converter. */
export const fileVariants: readonly { readonly converter: string; readonly pipeline: string; readonly name: string }[] =
  Object.keys(converters).flatMap((converter) =>
    Object.keys(pipelines).map((pipeline) => ({ converter, pipeline, name: `${pipeline}-${converter}` })),
  )

/** The connectors of all variants, named `PRODUCT-NAME`; they write to the topics `PRODUCT-li-NAME`. */
export function fileConnectors(file: string, product: string): readonly Props[] {
  return fileVariants.map(({ converter, pipeline, name }) => {
    const steps = { ...pipelines[pipeline] }
    steps['route'] = { type: `${transforms}.RegexRouter`, regex: '(li)nes', replacement: `${product}-$1-${name}` }
    const settings = Object.entries(steps).flatMap(([alias, props]) =>
      Object.entries(props).map(([key, value]) => [`transforms.${alias}.${key}`, value]),
    )
    return {
      name: `${product}-${name}`,
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file,
      topic: 'lines',
      ...converters[converter],
      transforms: Object.keys(steps).join(','),
      ...Object.fromEntries(settings),
    }
  })
}
