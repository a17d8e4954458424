// `sluice dev` when its broker dies: it says so and ends, and started again it goes on where it was.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLogged } from '../support/logged-process.ts'
import type { LoggedProcess } from '../support/logged-process.ts'
import { childrenOf, killNow } from '../support/process-tree.ts'
import { waitUntil } from '../support/wait-until.ts'

const main = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'src', 'main.ts')
const lines = ['eins', 'zwei – 二', 'drei']
let dir: string
let dev: LoggedProcess | null = null

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-dev-broker-'))
})

afterAll(async () => {
  await dev?.kill()
  await rm(dir, { recursive: true, force: true })
})

async function startDev(): Promise<LoggedProcess> {
  dev = startLogged({
    name: 'sluice dev',
    command: process.execPath,
    args: ['--conditions=sluice-source', main, 'dev', 'source.json', 'sink.json'],
    cwd: dir,
    env: { NODE_OPTIONS: '' },
    logFile: join(dir, 'dev.log'),
  })
  await dev.printed('Sluice is up')
  return dev
}

async function waitForOutput(wanted: RegExp): Promise<void> {
  let written = ''
  const isThere = async (): Promise<boolean> => {
    written = await readFile(join(dir, 'out.txt'), 'utf8').catch(() => '')
    return wanted.test(written)
  }
  await waitUntil(isThere, () => `the sink to write ${wanted.source}; it wrote ${JSON.stringify(written)}`)
}

test('a broker that is killed ends sluice dev with exit code 3; started again, it goes on with what it had', async () => {
  const connector = (name: string, config: Record<string, string>): Promise<void> =>
    writeFile(join(dir, `${name}.json`), JSON.stringify({ name, config }))
  await connector('source', { 'connector.class': 'FileStreamSource', file: join(dir, 'in.txt'), topic: 'lines' })
  await connector('sink', { 'connector.class': 'FileStreamSink', file: join(dir, 'out.txt'), topics: 'lines' })
  await writeFile(join(dir, 'in.txt'), `${lines[0]}\n`)
  const first = await startDev()
  await waitForOutput(/^eins\n$/)
  const address = JSON.parse(await readFile(join(dir, '.sluice', 'dev.json'), 'utf8')) as { bootstrapServers: string }
  // The broker is the child that holds no plugin: the first that was started.
  killNow(Math.min(...childrenOf(first.pid)))
  expect(await first.ended).toBe(3)
  const log = await readFile(first.logFile, 'utf8')
  expect(log).toContain(`The embedded broker at ${address.bootstrapServers} has ended by SIGKILL.`)
  expect(log).toContain('Start "sluice dev" again: records and offsets are kept.')
  await writeFile(join(dir, 'in.txt'), lines.map((line) => `${line}\n`).join(''))
  const second = await startDev()
  // What the sink could no longer commit comes again.
  await waitForOutput(/^(?:eins\n){1,2}zwei – 二\ndrei\n$/)
  expect(await second.stop()).toBe(0)
})
