// Who may import whom. The table is the architecture (see ARCHITECTURE.md); the check reads package.json
// dependencies and every import in the sources, because hoisting would let any import work.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Layer {
  /** Packages of ours that its sources may import. */
  readonly may: readonly string[]
  /** What its tests may import besides. */
  readonly tests?: readonly string[]
  /** Whether node:* modules may be imported. */
  readonly node: boolean
  readonly why: string
}

const plugin: Omit<Layer, 'why'> = { may: ['@sluice/api'], tests: ['@sluice/testkit'], node: true }

const layers: Readonly<Record<string, Layer>> = {
  '@sluice/api': {
    may: [],
    tests: ['@sluice/testkit'],
    node: false,
    why: 'a plugin author imports it; it depends on nothing',
  },
  '@sluice/kafka': {
    may: ['@sluice/api'],
    tests: ['@sluice/embedded'],
    node: true,
    why: 'the client knows records, not connectors',
  },
  '@sluice/embedded': {
    may: ['@sluice/kafka/protocol', '@sluice/kafka/records'],
    tests: ['@sluice/kafka'],
    node: true,
    why: 'the broker shares the wire with the client and nothing else',
  },
  '@sluice/converters': { ...plugin, why: 'a bundled plugin gets nothing that a third party does not get' },
  '@sluice/transforms': { ...plugin, why: 'a bundled plugin gets nothing that a third party does not get' },
  '@sluice/connector-file': { ...plugin, why: 'a bundled plugin gets nothing that a third party does not get' },
  '@sluice/rest-api': {
    may: ['@sluice/api'],
    node: false,
    why: 'the REST contract is data; the console imports it in a browser',
  },
  '@sluice/testkit': { may: ['@sluice/api'], node: true, why: 'third parties test their plugins with it' },
  '@sluice/runtime': {
    may: ['@sluice/api', '@sluice/kafka', '@sluice/rest-api', '@sluice/converters'],
    tests: [
      '@sluice/embedded',
      '@sluice/testkit',
      '@sluice/connector-file',
      '@sluice/transforms',
      '@sluice/kafka/protocol',
      '@sluice/kafka/records',
    ],
    node: true,
    why: 'the runtime finds plugins by their manifests and imports none',
  },
  '@sluice/cli': {
    may: [
      '@sluice/api',
      '@sluice/converters',
      '@sluice/connector-file',
      '@sluice/embedded',
      '@sluice/embedded/main',
      '@sluice/kafka',
      '@sluice/rest-api',
      '@sluice/runtime',
      '@sluice/transforms',
    ],
    node: true,
    why: 'the composition root of the product',
  },
}

/** Inside the runtime: a folder may import from the folders before it. */
const runtimeOrder = [['core'], ['storage', 'plugins', 'group', 'metrics'], ['worker', 'hosts'], ['herder'], ['rest']]

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const importPattern = /\bfrom\s*['"]([^'"\n]+)['"]|^import\s*['"]([^'"\n]+)['"]|\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/gm

/** The specifiers that a source file imports, types and dynamic imports included. */
export function importsOf(source: string): string[] {
  return [...source.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
}

function isTest(file: string): boolean {
  return /\.(test|contract|test-d)\.ts$/.test(file) || /\/(test|contract|testdata)\//.test(file)
}

function checkSpecifier(folder: string, name: string, file: string, specifier: string): string | null {
  const layer = layers[name]
  if (!layer) return `${folder}: ${name} has no line in the table of scripts/check-layers.ts`
  const test = isTest(file)
  if (specifier.startsWith('.')) {
    const target = resolve(dirname(file), specifier)
    return target.startsWith(folder + sep) || test
      ? null
      : `${relative(root, file)} imports ${specifier}, which leaves its package`
  }
  if (specifier.startsWith('node:')) {
    return layer.node || test
      ? null
      : `${relative(root, file)} imports ${specifier}: ${name} runs without Node (${layer.why})`
  }
  if (!specifier.startsWith('@sluice/')) return null
  const self = specifier === name || specifier.startsWith(`${name}/`)
  const allowed = [...layer.may, ...(test ? (layer.tests ?? []) : [])]
  const isAllowed = allowed.some(
    (entry) => specifier === entry || (entry.split('/').length === 2 && specifier.startsWith(`${entry}/`)),
  )
  return self || isAllowed ? null : `${relative(root, file)} imports ${specifier}: ${layer.why}`
}

function runtimeLevel(path: string): number {
  const first = path.split(sep)[0] ?? ''
  return runtimeOrder.findIndex((group) => group.includes(first))
}

function checkRuntimeFolders(folder: string): string[] {
  const source = join(folder, 'src')
  const findings: string[] = []
  for (const file of globSync('**/*.ts', { cwd: source })) {
    const from = runtimeLevel(file)
    if (from < 0 || isTest(file)) continue
    for (const specifier of importsOf(readFileSync(join(source, file), 'utf8'))) {
      if (!specifier.startsWith('.')) continue
      const target = relative(source, resolve(source, dirname(file), specifier))
      const to = runtimeLevel(target)
      if (to > from)
        findings.push(
          `packages/runtime/src/${file} imports ${target}: the order is ${runtimeOrder.map((g) => g.join(', ')).join(' ← ')}`,
        )
    }
  }
  return findings
}

function checkPackage(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string
    engines?: { node?: string }
    dependencies?: Record<string, string>
  }
  const findings: string[] = []
  const declared = new Set(Object.keys(manifest.dependencies ?? {}))
  for (const file of globSync('{src,test,contract}/**/*.ts', { cwd: folder })) {
    const path = join(folder, file)
    for (const specifier of importsOf(readFileSync(path, 'utf8'))) {
      const finding = checkSpecifier(folder, manifest.name, path, specifier)
      if (finding) findings.push(finding)
      const target = specifier.split('/').slice(0, 2).join('/')
      if (!isTest(path) && specifier.startsWith('@sluice/') && target !== manifest.name && !declared.has(target)) {
        findings.push(`${relative(root, path)} imports ${target}, which its package.json does not declare`)
      }
    }
  }
  const wanted = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { engines: { node: string } }).engines
    .node
  if (manifest.engines?.node !== wanted)
    findings.push(`${manifest.name}: engines.node is not ${wanted}, as in the root package.json`)
  return manifest.name === '@sluice/runtime' ? [...findings, ...checkRuntimeFolders(folder)] : findings
}

/** Every import that goes against the table, as sentences; empty when all is well. */
export function checkLayers(): string[] {
  const folders = globSync(['packages/*/package.json', 'connectors/*/package.json'], { cwd: root }).map((file) =>
    join(root, dirname(file)),
  )
  return folders.flatMap(checkPackage)
}
