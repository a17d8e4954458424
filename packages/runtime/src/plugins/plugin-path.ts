import type { Dirent } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { PluginPackage } from './manifest.ts'

/** What `plugin.path` yields: packages of ours, and what was found there that cannot be used. */
export interface PluginPathScan {
  readonly packages: readonly PluginPackage[]
  /** One sentence each, for a warning (I3). */
  readonly findings: readonly string[]
}

interface PackageFile {
  readonly name?: string
  readonly connect?: { readonly plugins?: string; readonly manifest?: string }
  readonly exports?: Readonly<Record<string, unknown>>
}

/**
 * Looks into each entry of `plugin.path`: a folder that is an npm package with `"connect"` in its package.json, or a
 * folder of such folders (`node_modules` and its scopes included). Java plugins are named, since they cannot run here.
 */
export async function scanPluginPath(
  entries: readonly string[],
  conditions: readonly string[],
): Promise<PluginPathScan> {
  const packages: PluginPackage[] = []
  const findings: string[] = []
  for (const entry of entries) await scan({ folder: entry, depth: 0, conditions, packages, findings })
  return { packages, findings }
}

interface Scan {
  readonly folder: string
  readonly depth: number
  readonly conditions: readonly string[]
  readonly packages: PluginPackage[]
  readonly findings: string[]
}

const deepest = 2

async function scan(search: Scan): Promise<void> {
  const { folder, depth, findings } = search
  let children: Dirent[]
  try {
    children = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    findings.push(`plugin.path: ${folder} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`)
    return
  }
  if (children.some((child) => child.name === 'package.json') && (await addPackage(search))) return
  const jars = children.filter((child) => /\.(jar|zip|class)$/.test(child.name))
  if (jars.length > 0) findings.push(javaFinding(folder, jars))
  if (depth >= deepest) return
  for (const child of children) {
    if (child.isDirectory() || child.isSymbolicLink()) {
      await scan({ ...search, folder: join(folder, child.name), depth: depth + 1 })
    }
  }
}

function javaFinding(folder: string, jars: readonly Dirent[]): string {
  const more = jars.length > 1 ? ` and ${jars.length - 1} more` : ''
  return `plugin.path: ${folder} holds Java plugins (${jars[0]?.name ?? ''}${more}), which do not run here; name npm packages of Sluice connectors instead.`
}

/** True when the folder is a package: what lies inside it is its own business. */
async function addPackage({ folder, conditions, packages, findings }: Scan): Promise<boolean> {
  let file: PackageFile
  try {
    file = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageFile
  } catch (error) {
    findings.push(`plugin.path: ${join(folder, 'package.json')} cannot be read (${String(error)}).`)
    return true
  }
  const { plugins, manifest } = file.connect ?? {}
  if (plugins === undefined) return false
  if (manifest === undefined) {
    findings.push(
      `plugin.path: the package ${file.name ?? folder} names no manifest under "connect" in its package.json.`,
    )
    return true
  }
  packages.push({
    name: file.name ?? folder,
    manifestUrl: pathToFileURL(join(folder, manifest)).href,
    moduleUrl: pathToFileURL(join(folder, targetOf(plugins, file.exports, conditions))).href,
  })
  return true
}

/** `connect.plugins` is an entry of `exports`, resolved as Node would, or a path inside the package. */
function targetOf(plugins: string, exports: PackageFile['exports'], conditions: readonly string[]): string {
  return resolveTarget(exports?.[plugins], conditions) ?? plugins
}

function resolveTarget(target: unknown, conditions: readonly string[]): string | null {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return null
  for (const [condition, nested] of Object.entries(target)) {
    if (!['import', 'node', 'default', ...conditions].includes(condition)) continue
    const resolved = resolveTarget(nested, conditions)
    if (resolved !== null) return resolved
  }
  return null
}
