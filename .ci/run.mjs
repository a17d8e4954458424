// Runs every suite in turn, from a fresh clone, on any Node from 20: the checks, `npm test`, then the suite on Apache
// Kafka with what it needs (Java 17, Maven, kcat) installed first. Prints the minutes of each and, last, the counts.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const results = join(root, '.cache', 'ci')
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const totals = { passed: 0, failed: 0, skipped: 0 }
const minutes = []

function run(command, args) {
  console.log(`$ ${[command, ...args].join(' ')}`)
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0
}

function timed(name, work) {
  const started = Date.now()
  const ok = work()
  minutes.push([name, (Date.now() - started) / 60_000])
  return ok
}

/** A suite whose runner ended badly counts as a failure even when no single test did. */
function suite(name, script) {
  const file = join(results, `${name}.json`)
  const ok = timed(name, () =>
    run('npm', ['run', script, '--', '--reporter=default', '--reporter=json', `--outputFile=${file}`]),
  )
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null
  totals.passed += report?.numPassedTests ?? 0
  totals.skipped += report?.numPendingTests ?? 0
  totals.failed += Math.max(report?.numFailedTests ?? 0, ok ? 0 : 1)
}

function has(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
}

function installTools() {
  const missing = Object.entries({ java: 'openjdk-17-jdk-headless', mvn: 'maven', kcat: 'kcat' })
    .filter(([command]) => !has(command))
    .map(([, name]) => name)
  if (missing.length === 0) return true
  return (
    run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing])
  )
}

if (!timed('check', () => run('npm', ['run', 'check']))) totals.failed += 1
suite('quick', 'test')
if (!timed('tools', installTools)) totals.failed += 1
suite('kafka', 'test:kafka')

for (const [name, spent] of minutes) console.log(`${name}: ${spent.toFixed(1)} minutes`)
console.log(
  `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
)
process.exitCode = totals.failed > 0 ? 1 : 0
