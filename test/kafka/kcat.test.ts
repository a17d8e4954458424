// kcat stands on librdkafka, the C client: a witness of the embedded broker that shares no code with it.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { startEmbeddedBroker, type EmbeddedBroker } from '@sluice/embedded'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const hasKcat = spawnSync('kcat', ['-V']).status === 0
if (!hasKcat)
  process.stderr.write('kcat is not on the PATH: its tests of the embedded broker are skipped (apt-get install kcat)\n')

let broker: EmbeddedBroker
beforeAll(async () => {
  broker = await startEmbeddedBroker()
})
afterAll(() => broker.close())

interface Outcome {
  readonly stdout: string
  readonly stderr: string
}

/** Runs kcat against the broker; rejects when it fails. */
async function kcat(args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn('kcat', ['-b', broker.bootstrapServers, ...args])
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${code}: ${stderr}`)
  return { stdout, stderr }
}

const consume = ['-C', '-e', '-q', '-X', 'check.crcs=true']

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, i) => `${from + i} zeile ü 日本 ${'x'.repeat((from + i) % 90)}\n`).join(
    '',
  )
}

describe.runIf(hasKcat)('kcat', () => {
  it('lists brokers, topics and partitions', async () => {
    await kcat(['-P', '-t', 'listed'], 'a\n')
    const { stdout } = await kcat(['-L', '-J'])
    const metadata = JSON.parse(stdout) as {
      readonly brokers: readonly unknown[]
      readonly topics: readonly { readonly topic: string }[]
    }
    expect(metadata.brokers).toEqual([{ id: 1, name: broker.bootstrapServers }])
    expect(metadata.topics.find((t) => t.topic === 'listed')).toEqual({
      topic: 'listed',
      partitions: [{ partition: 0, leader: 1, replicas: [{ id: 1 }], isrs: [{ id: 1 }] }],
    })
  })

  it.each([
    ['none', []],
    ['gzip', []],
    ['zstd', []],
    ['snappy', []],
    ['lz4', []],
    ['none', ['-X', 'enable.idempotence=true']],
    ['zstd', ['-X', 'enable.idempotence=true', '-X', 'batch.num.messages=50']],
    ['none', ['-X', 'acks=0']],
    ['none', ['-X', 'acks=1']],
  ])('writes with %s %j what it reads again with checked CRCs', async (codec, extra) => {
    const topic = `codec-${codec}-${extra.join('-').replaceAll(/[^a-z0-9]/g, '')}`
    const text = lines(0, 5_000)
    await kcat(['-P', '-t', topic, '-z', codec, ...extra], text)
    expect((await kcat([...consume, '-t', topic])).stdout).toBe(text)
  })

  it('keeps keys, headers, duplicates of them, empty and null values', async () => {
    const text = 'k1|v1\nk2|\n|v3\nk4|N\n'
    await kcat(['-P', '-t', 'shapes', '-K', '|', '-H', 'a=1', '-H', 'a=2', '-H', 'b'], text)
    await kcat(['-P', '-t', 'shapes', '-K', '|', '-Z'], 'tombstone|\n')
    const { stdout } = await kcat([...consume, '-t', 'shapes', '-f', '%o %K:%k %S:%s %h\n'])
    expect(stdout).toBe(
      [
        '0 2:k1 2:v1 a=1,a=2,b=NULL',
        '1 2:k2 0: a=1,a=2,b=NULL',
        '2 0: 2:v3 a=1,a=2,b=NULL',
        '3 2:k4 1:N a=1,a=2,b=NULL',
        '4 9:tombstone -1: ',
        '',
      ].join('\n'),
    )
  })

  it('reads from an offset, from the end and by time', async () => {
    await kcat(['-P', '-t', 'places'], lines(0, 100))
    const read = async (from: string): Promise<number> =>
      (await kcat([...consume, '-t', 'places', '-p', '0', '-o', from])).stdout.split('\n').length - 1
    expect([await read('60'), await read('-10'), await read('s@1'), await read('beginning')]).toEqual([
      40, 10, 100, 100,
    ])
    expect((await kcat(['-Q', '-t', 'places:0:-1'])).stdout).toContain('offset 100')
    expect((await kcat(['-Q', '-t', 'places:0:1'])).stdout).toContain('offset 0')
  })

  it('reads as a group, commits, and goes on from there', async () => {
    await kcat(['-P', '-t', 'grouped'], lines(0, 300))
    const read = async (): Promise<string> =>
      (await kcat(['-G', 'kcat-group', '-q', '-e', '-X', 'auto.offset.reset=earliest', 'grouped'])).stdout
    expect(await read()).toBe(lines(0, 300))
    await kcat(['-P', '-t', 'grouped'], lines(300, 310))
    expect(await read()).toBe(lines(300, 310))
  })

  it('sends messages of almost a megabyte', async () => {
    const text = `${'y'.repeat(1_000_000)}\n`
    await kcat(['-P', '-t', 'large', '-X', 'message.max.bytes=2000000'], text)
    expect((await kcat([...consume, '-t', 'large'])).stdout).toBe(text)
  })

  it('is told at once that there are no transactions', async () => {
    await expect(kcat(['-P', '-t', 'tx', '-X', 'transactional.id=x'], 'a\n')).rejects.toThrow(/ransaction/)
  })
})
