// What a user installs: every package built, packed and installed in an empty folder, then used there.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitUntil } from '../support/wait-until.ts'

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'sluice-packed-'))
const home = join(folder, 'home')
const bin = join(home, 'node_modules', '.bin', 'sluice')

function npm(args: readonly string[], cwd: string): void {
  const cli = process.env['npm_execpath']
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []]
  execFileSync(command, [...first, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
}

function sluice(args: readonly string[]): string {
  return execFileSync(process.execPath, [bin, ...args], { cwd: home, encoding: 'utf8' })
}

beforeAll(() => {
  execFileSync(
    process.execPath,
    ['--conditions=sluice-source', join(root, 'scripts', 'build.ts'), '--pack', join(folder, 'packed')],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const tarballs = readdirSync(join(folder, 'packed')).map((file) => join(folder, 'packed', file))
  mkdirSync(home)
  writeFileSync(join(home, 'package.json'), '{"name":"home","private":true}')
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], home)
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('says its version', () => {
  expect(sluice(['--version'])).toBe('0.1.0\n')
})

test('an older Node is told what is missing in one sentence, with exit code 3', () => {
  const olderNode = 'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } })'
  const result = spawnSync(process.execPath, ['--import', `data:text/javascript,${olderNode}`, bin, '--version'], {
    cwd: home,
    encoding: 'utf8',
  })
  expect(result.status).toBe(3)
  expect(result.stderr).toBe(
    'sluice needs Node 24.6 or newer, this is 20.1.0: install a newer one from https://nodejs.org and try again.\n',
  )
})

test('the declarations type-check in a strict project of a plugin author', () => {
  writeFileSync(
    join(home, 'author.ts'),
    "import { configSpec, field, type Config } from '@sluice/api'\n" +
      "const spec = configSpec({ 'batch.size': field.int({ doc: 'Size.', default: 1 }) })\n" +
      "export const size = (config: Config<typeof spec>): number => config['batch.size']\n" +
      '// @ts-expect-error an unknown key does not compile\n' +
      "export const wrong = (config: Config<typeof spec>): unknown => config['batch.sise']\n",
  )
  const options = { module: 'nodenext', strict: true, noEmit: true, types: [], target: 'es2023' }
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['author.ts'] }))
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const result = spawnSync(process.execPath, [compiler, '-p', home], { encoding: 'utf8' })
  expect(result.stdout).toBe('')
  expect(result.status).toBe(0)
})

test('no TypeScript and no source is packed', () => {
  const scope = join(home, 'node_modules', '@sluice')
  const sources = readdirSync(scope).filter((name) => existsSync(join(scope, name, 'src')))
  expect(sources).toEqual([])
})

test('moves a file through Kafka into a file', async () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `línea ${index} 日本`)
  writeFileSync(join(home, 'in.txt'), lines.map((line) => `${line}\n`).join(''))
  const connector = (name: string, config: object): string => {
    const file = join(home, `${name}.json`)
    writeFileSync(file, JSON.stringify({ name, config }))
    return file
  }
  const sink = connector('sink', {
    'connector.class': 'FileStreamSink',
    file: join(home, 'out.txt'),
    topics: 'lines',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  })
  const plain = connector('plain', {
    'connector.class': 'FileStreamSource',
    file: join(home, 'in.txt'),
    topic: 'lines',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  })
  let output = ''
  const worker: ChildProcess = spawn(process.execPath, [bin, 'dev', plain, sink], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  worker.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(worker, 'exit')
  try {
    await waitUntil(
      () => {
        if (worker.exitCode !== null) throw new Error(`the worker ended with code ${worker.exitCode}: ${output}`)
        return (
          existsSync(join(home, 'out.txt')) &&
          readFileSync(join(home, 'out.txt'), 'utf8').split('\n').length > lines.length
        )
      },
      () => `the sink to write every line; the worker said:\n${output}`,
    )
    expect(readFileSync(join(home, 'out.txt'), 'utf8')).toBe(readFileSync(join(home, 'in.txt'), 'utf8'))
    const listed = JSON.parse(sluice(['connectors', 'list', '--json'])) as { data: { name: string }[] }
    expect(listed.data.map(({ name }) => name)).toEqual(['plain', 'sink'])
  } finally {
    worker.kill('SIGTERM')
  }
  expect(await ended).toEqual([0, null])
  expect(existsSync(join(home, '.sluice', 'dev.json'))).toBe(false)
})
