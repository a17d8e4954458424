import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scanPluginPath } from './plugin-path.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plugin-path-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function file(path: string, content: unknown = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
}

function url(path: string): string {
  return pathToFileURL(join(root, path)).href
}

test('finds a package itself, packages beside each other, and scoped ones', async () => {
  const connect = { plugins: './plugins.js', manifest: './connect-plugins.json' }
  file('one/package.json', { name: 'one', connect })
  file('many/two/package.json', { name: 'two', connect })
  file('many/@acme/three/package.json', { name: '@acme/three', connect })
  file('many/lodash/package.json', { name: 'lodash' })
  const { packages, findings } = await scanPluginPath([join(root, 'one'), join(root, 'many')], [])
  expect(findings).toEqual([])
  expect(packages.map(({ name }) => name).toSorted()).toEqual(['@acme/three', 'one', 'two'])
  expect(packages.find(({ name }) => name === 'one')).toEqual({
    name: 'one',
    manifestUrl: url('one/connect-plugins.json'),
    moduleUrl: url('one/plugins.js'),
  })
})

test('resolves an entry of exports under the conditions of this process', async () => {
  file('pkg/package.json', {
    name: 'pkg',
    exports: {
      './plugins': { 'sluice-source': './src/plugins.ts', types: './dist/p.d.ts', default: './dist/plugins.js' },
    },
    connect: { plugins: './plugins', manifest: './connect-plugins.json' },
  })
  const [source, built] = await Promise.all(
    [['sluice-source'], []].map((conditions) => scanPluginPath([join(root, 'pkg')], conditions)),
  )
  expect(source!.packages[0]!.moduleUrl).toBe(url('pkg/src/plugins.ts'))
  expect(built!.packages[0]!.moduleUrl).toBe(url('pkg/dist/plugins.js'))
})

test('names Java plugins, folders that are not there and packages without a manifest', async () => {
  file('java/connect-file-4.3.1.jar')
  file('java/other.jar')
  file('bare/package.json', { name: 'bare', connect: { plugins: './plugins.js' } })
  file('broken/package.json', '{')
  const folders = ['java', 'bare', 'broken', 'absent'].map((name) => join(root, name))
  const { packages, findings } = await scanPluginPath(folders, [])
  expect(packages).toEqual([])
  expect(findings[0]).toContain(`${join(root, 'java')} holds Java plugins (connect-file-4.3.1.jar and 1 more)`)
  expect(findings[1]).toContain('the package bare names no manifest')
  expect(findings[2]).toContain(`${join(root, 'broken', 'package.json')} cannot be read`)
  expect(findings[3]).toContain(`${join(root, 'absent')} cannot be read (ENOENT)`)
})
