// Builds every package to JavaScript in its dist/, and with `--pack <folder>` packs them as npm would publish them.
//   npm run build -- --pack /some/folder
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'tsdown'

interface PackageFile {
  readonly name: string
  readonly exports?: Readonly<Record<string, string | { readonly 'sluice-source'?: string }>>
}

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** `{ 'hosts/host-main': 'src/hosts/host-main.ts' }`: what to build is what `exports` promises. */
function entriesOf(manifest: PackageFile): Record<string, string> {
  const entries: Record<string, string> = {}
  for (const target of Object.values(manifest.exports ?? {})) {
    const source = typeof target === 'string' ? undefined : target['sluice-source']
    if (source) entries[source.replace('./src/', '').replace(/\.ts$/, '')] = source.slice(2)
  }
  return entries
}

async function buildPackage(folder: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile
  await build({
    cwd: folder,
    config: false,
    entry: entriesOf(manifest),
    format: 'esm',
    platform: 'node',
    target: 'node24',
    dts: false,
    fixedExtension: false,
    clean: true,
    logLevel: 'warn',
    tsconfig: join(root, 'tsconfig.base.json'),
  })
}

/** One call of the compiler for the whole tree: packages see each other's source, so no order has to be kept. */
function emitDeclarations(folders: readonly string[]): void {
  const emitted = join(root, '.cache', 'declarations')
  rmSync(emitted, { recursive: true, force: true })
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json')], { cwd: root, stdio: 'inherit' })
  for (const folder of folders) {
    const declarations = join(emitted, relative(root, folder), 'src')
    if (existsSync(declarations)) cpSync(declarations, join(folder, 'dist'), { recursive: true })
  }
}

function pack(folder: string, destination: string): void {
  mkdirSync(destination, { recursive: true })
  const npm = process.env['npm_execpath']
  const args = ['pack', '--silent', '--pack-destination', destination]
  if (npm?.endsWith('.js'))
    execFileSync(process.execPath, [npm, ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  else
    execFileSync('npm', args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    })
}

const { values } = parseArgs({ options: { pack: { type: 'string' } } })
const folders = globSync(['packages/*/package.json', 'connectors/*/package.json'], { cwd: root })
  .map((file) => join(root, dirname(file)))
  .sort()
for (const folder of folders) await buildPackage(folder)
emitDeclarations(folders)
if (values.pack !== undefined) for (const folder of folders) pack(folder, values.pack)
