// Makes the clone ready, then runs a command in it:  node scripts/prepare.mjs [command args…]
//
// Plain JavaScript that Node 20 can run, because it is what brings a newer Node: the machine's own when it is
// new enough, otherwise a platform package of npm, from scripts/node-runtime (locked by its own lockfile).
// Dependencies are then installed under that Node, and only when a lockfile or the Node has changed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { carriedNode, isNewEnough, MINIMUM_NODE } from './node-runtime/find-node.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runtimeFolder = join(root, 'scripts', 'node-runtime')

/** Ends the process with one sentence. Exit code 3: the environment is not fit (see docs, exit codes). */
function giveUp(sentence) {
  process.stderr.write(`${sentence}\n`)
  process.exit(3)
}

/** npm as a JavaScript file that any Node can run, so that npm itself runs under the Node we choose. */
function npmCli() {
  const fromNpm = process.env.npm_execpath
  if (fromNpm && fromNpm.endsWith('npm-cli.js') && existsSync(fromNpm)) return fromNpm
  const beside = dirname(process.execPath)
  for (const path of [
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, '..', 'share', 'nodejs', 'npm', 'bin', 'npm-cli.js'),
  ]) {
    if (existsSync(path)) return path
  }
  return null
}

/** Runs npm under `node` in `folder`. Its output is shown only when it fails. */
function npm(node, folder, args) {
  const cli = npmCli()
  const env = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  // What the outer npm exports describes the outer project; an inner npm must read its own.
  for (const name of Object.keys(env)) if (/^npm_(config_local_prefix|package_|lifecycle_)/.test(name)) delete env[name]
  const result = cli
    ? spawnSync(node, [cli, ...args], { cwd: folder, env, encoding: 'utf8' })
    : spawnSync('npm', args, { cwd: folder, env, encoding: 'utf8', shell: process.platform === 'win32' })
  if (result.error) giveUp(`npm could not be started: ${result.error.message}`)
  if (result.status !== 0) {
    process.stderr.write(result.stdout + result.stderr)
    giveUp(`npm ${args.join(' ')} ended with code ${result.status} in ${folder}; its own output is above.`)
  }
}

/** What the installed state depends on; `stamp` remembers the one that was installed last. */
function fingerprint(...parts) {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

function isFresh(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

function prepareNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const lock = readFileSync(join(runtimeFolder, 'package-lock.json'))
  const wanted = fingerprint(lock)
  const stamp = join(runtimeFolder, 'node_modules', '.sluice-prepared')
  if (!isFresh(stamp, wanted)) {
    process.stderr.write(
      `Node ${process.versions.node} is older than ${MINIMUM_NODE}: bringing a newer one from npm…\n`,
    )
    npm(process.execPath, runtimeFolder, ['ci', '--loglevel=error'])
    mkdirSync(dirname(stamp), { recursive: true })
    writeFileSync(stamp, wanted)
  }
  const node = carriedNode()
  if (!node) {
    giveUp(
      `Sluice needs Node ${MINIMUM_NODE} or newer, and npm carries none for ${process.platform}-${process.arch}: install it from https://nodejs.org and try again.`,
    )
  }
  return node
}

function prepareDependencies(node) {
  const wanted = fingerprint(readFileSync(join(root, 'package-lock.json')), process.platform, process.arch)
  const stamp = join(root, 'node_modules', '.sluice-prepared')
  if (isFresh(stamp, wanted)) return
  process.stderr.write('Installing dependencies…\n')
  npm(node, root, ['ci', '--loglevel=error'])
  writeFileSync(stamp, wanted)
}

function run(node, command, args) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, SLUICE_NODE: node }
  // A tool of ours is run as `node --conditions=sluice-source`, so that packages resolve to their source.
  const isNode = command === 'node'
  const child = spawn(isNode ? node : command, isNode ? ['--conditions=sluice-source', ...args] : args, {
    stdio: 'inherit',
    env,
    shell: !isNode && process.platform === 'win32',
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => giveUp(`${command} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

const node = prepareNode()
prepareDependencies(node)
const [command, ...args] = process.argv.slice(2)
if (command) run(node, command, args)
