import { createServer, connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { apiByKey, decodeResponse, encodeResponse } from '../../src/protocol/index.ts'
import type { ApiName } from '../../src/protocol/index.ts'

/**
 * What becomes of a request: it passes; its connection ends before the broker sees it; the broker answers it, but the
 * connection ends before the answer is through; or it is swallowed, with the connection left standing. The records in
 * the answer to a Fetch may be corrupted. A request or its answer may be held, and with it everything after it on its
 * connection, until it is released.
 */
export type Fate =
  | 'pass'
  | 'lose request'
  | 'lose answer'
  | 'swallow'
  | 'corrupt answer'
  | 'hold request'
  | 'hold answer'

/** A request on its way through the proxy. */
export interface Passing {
  readonly api: ApiName | null
  /** How many requests of this API came before. */
  readonly index: number
}

/** A proxy in front of one broker that decides the fate of every request. */
export interface FaultProxy {
  readonly bootstrapServers: string
  /** Decides from now on. */
  setFate(decide: (passing: Passing) => Fate): void
  /** Sends on what was held, in its order; a held request has its fate decided again. */
  release(): void
  /** Ends every connection that is open. */
  cutAll(): void
  /** Connections that are open now. */
  readonly connections: number
  close(): Promise<void>
}

interface Expected {
  readonly api: ApiName
  readonly version: number
  readonly fate: Fate
}

/**
 * Starts a proxy for the broker at this address. Brokers tell clients where they are to be found: the proxy puts its
 * own address in these answers, so that clients come back to it. It handles brokers of a single node.
 */
export async function startFaultProxy(target: { readonly host: string; readonly port: number }): Promise<FaultProxy> {
  const links = new Set<Link>()
  const counts = new Map<ApiName | null, number>()
  let decide: (passing: Passing) => Fate = () => 'pass'
  const server = createServer((client) => {
    const link = new Link(client, target, address(), (api) => {
      const index = counts.get(api) ?? 0
      counts.set(api, index + 1)
      return decide({ api, index })
    })
    links.add(link)
    client.on('close', () => links.delete(link))
  })
  const address = (): AddressInfo => server.address() as AddressInfo
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    bootstrapServers: `127.0.0.1:${address().port}`,
    setFate(next) {
      decide = next
    },
    release() {
      for (const link of links) link.release()
    },
    cutAll() {
      for (const link of links) link.cut()
    },
    get connections() {
      return links.size
    },
    close() {
      for (const link of links) link.cut()
      return new Promise((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

/** One connection of a client, and the one behind it. */
class Link {
  readonly #client: Socket
  readonly #broker: Socket
  readonly #own: AddressInfo
  readonly #fateOf: (api: ApiName | null) => Fate
  readonly #expected = new Map<number, Expected>()
  #isSwallowing = false
  /** What waits for its release; null while nothing is held. */
  #held: (() => void)[] | null = null

  constructor(
    client: Socket,
    target: { readonly host: string; readonly port: number },
    own: AddressInfo,
    fateOf: (api: ApiName | null) => Fate,
  ) {
    this.#client = client
    this.#own = own
    this.#fateOf = fateOf
    this.#broker = connect(target)
    client.setNoDelay(true)
    this.#broker.setNoDelay(true)
    for (const socket of [client, this.#broker]) {
      socket.on('error', () => this.cut())
      socket.on('close', () => this.cut())
    }
    client.on(
      'data',
      frames((frame) => this.#request(frame)),
    )
    this.#broker.on(
      'data',
      frames((frame) => this.#response(frame)),
    )
  }

  cut(): void {
    this.#client.destroy()
    this.#broker.destroy()
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const send of held) this.#orHold(send)
  }

  #orHold(send: () => void): void {
    if (this.#held === null) send()
    else this.#held.push(send)
  }

  #request(frame: Buffer): void {
    if (this.#isSwallowing) return
    if (this.#held !== null) {
      this.#held.push(() => this.#request(frame))
      return
    }
    const api = apiByKey(frame.readInt16BE(4))
    const fate = this.#fateOf(api?.name ?? null)
    if (fate === 'lose request') return this.cut()
    if (fate === 'hold request') {
      this.#held = [() => this.#request(frame)]
      return
    }
    if (fate === 'swallow') {
      this.#isSwallowing = true
      return
    }
    if (api !== undefined) {
      const expected = { api: api.name, version: frame.readInt16BE(6), fate }
      this.#expected.set(frame.readInt32BE(8), expected)
    }
    this.#broker.write(frame)
  }

  #response(frame: Buffer): void {
    const correlationId = frame.readInt32BE(4)
    const expected = this.#expected.get(correlationId)
    this.#expected.delete(correlationId)
    if (expected?.fate === 'lose answer') return this.cut()
    if (expected?.fate === 'corrupt answer') corrupt(frame, expected)
    const answer = expected === undefined ? frame : this.#readdressed(frame, expected)
    if (expected?.fate === 'hold answer') this.#held ??= []
    this.#orHold(() => void this.#client.write(answer))
  }

  #readdressed(frame: Buffer, { api, version }: Expected): Buffer {
    const { port } = this.#own
    const own = { host: '127.0.0.1', port }
    const body = frame.subarray(4)
    if (api === 'Metadata') {
      const answer = decodeResponse(api, version, body)
      const brokers = answer.body.brokers.map((broker) => ({ ...broker, ...own }))
      return encodeResponse(api, version, answer.correlationId, { ...answer.body, brokers })
    }
    if (api === 'FindCoordinator') {
      const answer = decodeResponse(api, version, body)
      const coordinators = answer.body.coordinators.map((found) =>
        found.errorCode === 0 ? { ...found, ...own } : found,
      )
      const alone = version <= 3 && answer.body.errorCode === 0 ? own : {}
      return encodeResponse(api, version, answer.correlationId, { ...answer.body, coordinators, ...alone })
    }
    return frame
  }
}

/** Changes the last byte of the records of each partition; what decoding yields are views of the frame. */
function corrupt(frame: Buffer, { api, version }: Expected): void {
  if (api !== 'Fetch') return
  for (const { partitions } of decodeResponse(api, version, frame.subarray(4)).body.responses) {
    for (const { records } of partitions) {
      if (records !== null && records.length > 0)
        records.writeInt8(~records.readInt8(records.length - 1), records.length - 1)
    }
  }
}

/** Cuts a stream into frames, each with its size in front. */
function frames(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0)
      take(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}
