// Writes each plugin package's connect-plugins.json from its definitions: what the control plane knows of a plugin
// without importing it. `--check` writes nothing and fails where a manifest is not what the definitions say.
//   node --conditions=sluice-source scripts/generate-manifests.ts
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configKeys, type PluginDefinition } from '@sluice/api'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const isCheck = process.argv.includes('--check')

interface PackageFile {
  readonly version: string
  readonly connect?: { readonly plugins: string; readonly manifest: string }
}

function entryOf(plugin: PluginDefinition): object {
  const { kind, name, className, aliases, summary, config } = plugin
  const taskClass = 'taskClass' in plugin ? { taskClass: plugin.taskClass } : {}
  return { kind, name, className, aliases, summary, ...taskClass, config: configKeys(config) }
}

async function manifestOf(folder: string, { version }: PackageFile): Promise<string> {
  const module = (await import(join(folder, 'src', 'plugins.ts'))) as { default: readonly PluginDefinition[] }
  return `${JSON.stringify({ version, plugins: module.default.map(entryOf) }, null, 2)}\n`
}

let stale = 0
for (const file of globSync(['packages/*/package.json', 'connectors/*/package.json'], { cwd: root })) {
  const folder = join(root, dirname(file))
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as PackageFile
  if (!manifest.connect) continue
  const path = join(folder, manifest.connect.manifest)
  const wanted = await manifestOf(folder, manifest)
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) continue
  if (isCheck) {
    console.error(`${relative(root, path)} is stale: run node --conditions=sluice-source scripts/generate-manifests.ts`)
    stale += 1
  } else writeFileSync(path, wanted)
}
process.exitCode = stale > 0 ? 1 : 0
