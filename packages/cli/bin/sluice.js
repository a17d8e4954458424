#!/usr/bin/env node
// The launcher. Plain JavaScript that an old Node can read, so that it can say what is missing.
// Packed, it runs the built command line in this very process. In a clone it starts Node on the source, with the
// condition under which packages resolve to TypeScript, on the Node that the repository carries if this one is too old.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

const packageFile = new URL('../package.json', import.meta.url)
const builtMain = new URL('../dist/main.js', import.meta.url)
const sourceMain = new URL('../src/main.ts', import.meta.url)
const nodeFinder = new URL('../../../scripts/node-runtime/find-node.mjs', import.meta.url)

const minimum = JSON.parse(readFileSync(packageFile, 'utf8')).engines.node.replace('>=', '')

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  const [wantedMajor, wantedMinor] = minimum.split('.').map(Number)
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)
}

function refuse() {
  process.stderr.write(
    `sluice needs Node ${minimum} or newer, this is ${process.versions.node}: install a newer one from https://nodejs.org and try again.\n`,
  )
  process.exit(3)
}

async function nodeForSource() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const { carriedNode } = await import(nodeFinder.href)
  return carriedNode() ?? refuse()
}

/** Runs the source in a child and ends as the child ends. The IPC channel tells the child when this process is gone. */
function runSource(node) {
  const args = ['--conditions=sluice-source', fileURLToPath(sourceMain), ...process.argv.slice(2)]
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`Starting ${node}: ${error.message}\n`)
    process.exitCode = 3
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0)
  })
}

if (existsSync(sourceMain)) runSource(await nodeForSource())
else if (isNewEnough(process.versions.node)) await import(builtMain.href)
else refuse()
