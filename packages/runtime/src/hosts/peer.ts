import { ConnectError } from '@sluice/api'
import type { Channel } from './channel.ts'
import { type ErrorData, errorFromData, errorToData } from './error-data.ts'

/** What this end does when it is called. */
export type CallHandlers<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends { readonly request: infer Request; readonly answer: infer Answer }
    ? (request: Request) => Promise<Answer> | Answer
    : never
}

export type NoticeHandlers<Notices> = { readonly [Name in keyof Notices]: (body: Notices[Name]) => void }

/** One end of a channel: calls and notices of the other end's tables go out, those of its own come in. */
export interface Peer<Calls, Notices> {
  /** Rejects with what the other end threw, when the deadline passes (`REST_REQUEST_TIMED_OUT`), or when the
   * channel closes (`CONNECT_HOST_LOST`). */
  call<Name extends keyof Calls & string>(
    name: Name,
    request: RequestOf<Calls, Name>,
    deadlineMs: number,
  ): Promise<AnswerOf<Calls, Name>>
  tell<Name extends keyof Notices & string>(name: Name, body: Notices[Name]): void
  close(): void
}

export type RequestOf<Calls, Name extends keyof Calls> = Calls[Name] extends { readonly request: infer Request }
  ? Request
  : never
export type AnswerOf<Calls, Name extends keyof Calls> = Calls[Name] extends { readonly answer: infer Answer }
  ? Answer
  : never

export interface PeerOptions<OwnCalls, OwnNotices> {
  readonly calls: CallHandlers<OwnCalls>
  readonly notices: NoticeHandlers<OwnNotices>
  /** Anything arrived: the other end is alive. */
  readonly onActivity?: () => void
}

type Message =
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly body: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly body: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorData }
  | { readonly kind: 'notice'; readonly name: string; readonly body: unknown }

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout | null
}

/** Puts calls, answers, deadlines and notices onto a channel. */
export function createPeer<Calls, Notices, OwnCalls, OwnNotices>(
  channel: Channel,
  options: PeerOptions<OwnCalls, OwnNotices>,
): Peer<Calls, Notices> {
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let isClosed = false

  function settle(id: number): Waiting | undefined {
    const entry = waiting.get(id)
    waiting.delete(id)
    if (entry?.timer) clearTimeout(entry.timer)
    return entry
  }

  async function answer(id: number, name: string, body: unknown): Promise<void> {
    try {
      const handlers = options.calls as Readonly<Record<string, (request: unknown) => unknown>>
      channel.send({ kind: 'answer', id, body: await handlers[name]?.(body) } satisfies Message)
    } catch (error) {
      channel.send({ kind: 'failure', id, error: errorToData(error) } satisfies Message)
    }
  }

  channel.onMessage((raw) => {
    const message = raw as Message
    options.onActivity?.()
    switch (message.kind) {
      case 'call':
        void answer(message.id, message.name, message.body)
        break
      case 'answer':
        settle(message.id)?.resolve(message.body)
        break
      case 'failure':
        settle(message.id)?.reject(errorFromData(message.error))
        break
      case 'notice':
        ;(options.notices as Readonly<Record<string, (body: unknown) => void>>)[message.name]?.(message.body)
        break
    }
  })
  channel.onClose(() => {
    isClosed = true
    for (const id of waiting.keys()) settle(id)?.reject(closedError())
  })

  return {
    call: (name, request, deadlineMs) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(closedError())
        const id = (lastId += 1)
        const timer = Number.isFinite(deadlineMs)
          ? setTimeout(() => settle(id)?.reject(deadlineError(name, deadlineMs)), deadlineMs)
          : null
        waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject, timer })
        return channel.send({ kind: 'call', id, name, body: request } satisfies Message)
      }),
    tell: (name, body) => channel.send({ kind: 'notice', name, body } satisfies Message),
    close: () => channel.close(),
  }
}

function closedError(): ConnectError {
  return new ConnectError('The process that was asked has ended.', { code: 'CONNECT_HOST_LOST' })
}

function deadlineError(name: string, deadlineMs: number): ConnectError {
  return new ConnectError(`Waiting for the answer to ${name}: none came within ${deadlineMs} ms.`, {
    code: 'REST_REQUEST_TIMED_OUT',
  })
}
