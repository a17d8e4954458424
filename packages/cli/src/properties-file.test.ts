import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConnectorFile, readProperties } from './properties-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('properties are read as Java reads them', async () => {
  const path = file(
    'worker.properties',
    '# c\n! c\na = 1\nb:two\\\n  lines\nc\\ d=\\u65e5\nempty=\n key\\:x   value \n',
  )
  expect(await readProperties(path)).toEqual({ a: '1', b: 'twolines', 'c d': '日', empty: '', 'key:x': 'value ' })
})

test('bytes that are not UTF-8 are ISO-8859-1, as Java reads them', async () => {
  const path = join(folder, 'latin1.properties')
  writeFileSync(path, Buffer.from('name=caf\u00e9\n', 'latin1'))
  expect(await readProperties(path)).toEqual({ name: 'caf\u00e9' })
  expect(await readProperties(file('utf8.properties', 'name=caf\u00e9\n'))).toEqual({ name: 'caf\u00e9' })
})

test('a malformed escape is refused with its line', async () => {
  const path = file('broken.properties', 'a=1\nb=\\u00zz\n')
  await expect(readProperties(path)).rejects.toThrow(`Reading ${path}: line 2: malformed \\uxxxx encoding.`)
})

test('a file that is not there is named', async () => {
  const path = join(folder, 'nowhere.properties')
  await expect(readProperties(path)).rejects.toThrow(`Reading ${path}: there is no such file.`)
  await expect(readProperties(path)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test.each([
  ['flat.json', '{"name":"a","tasks.max":1,"x":1.0,"y":true,"z":null}', { initialState: null }],
  [
    'wrapped.json',
    '{"name":"a","config":{"tasks.max":1,"x":1.0,"y":true,"z":null},"initial_state":"paused"}',
    { initialState: 'PAUSED' },
  ],
])('%s is a connector', async (name, text, more) => {
  expect(await readConnectorFile(file(name, text))).toEqual({
    name: 'a',
    config: { name: 'a', 'tasks.max': '1', x: '1.0', y: 'true', z: null },
    ...more,
  })
})

test.each([
  ['no-name.json', '{"config":{}}', 'the connector has no name'],
  ['two-names.json', '{"name":"a","config":{"name":"b"}}', '"name" is a, but the config\'s own name is b.'],
  ['nested.json', '{"name":"a","config":{"x":{}}}', 'the value of "x" is nested'],
  ['state.json', '{"name":"a","config":{},"initial_state":"STARTED"}', 'initial_state is STARTED'],
  ['text.json', '{"name":', 'it is not JSON'],
  ['list.json', '[]', 'no JSON object'],
])('%s is refused with what was found', async (name, text, found) => {
  await expect(readConnectorFile(file(name, text))).rejects.toThrow(found)
})
