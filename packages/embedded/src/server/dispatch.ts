import {
  api,
  apiByKey,
  decodeRequest,
  decodeRequestHeader,
  encodeResponse,
  encodeResponseParts,
  errorCode,
  type Api,
  type ApiName,
  type Messages,
  type RequestHeader,
} from '@sluice/kafka/protocol'
import type { Answer, Call, Handler } from '../apis/handler.ts'
import { handlers } from '../apis/handlers.ts'
import { reasonOf } from '../broker-log.ts'
import type { Broker } from '../broker.ts'

/** The bytes of an answer in pieces; null where there is none to give; 'close' where the connection is to end. */
export type Reply = readonly Buffer[] | null | 'close'

/** A request on its way to its handler. */
export interface Incoming {
  readonly frame: Buffer
  readonly header: RequestHeader
  readonly call: Call
}

/** What came is not what the API that it names calls a request. */
export class MalformedRequest extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause })
    this.name = 'MalformedRequest'
  }
}

/**
 * Hands the request to its handler and encodes the answer.
 *
 * @throws MalformedRequest
 */
export function dispatch(broker: Broker, found: Api, incoming: Incoming): Reply | Promise<Reply> {
  return answerTyped(broker, found.name, incoming)
}

function answerTyped<N extends ApiName>(broker: Broker, name: N, incoming: Incoming): Reply | Promise<Reply> {
  const { frame, header, call } = incoming
  const request = decode(name, frame, header)
  const handler: Handler<N> = handlers[name]
  const answer = handler(broker, request, call)
  const encode = (body: Answer<N>): Reply =>
    body === null || body === 'close'
      ? body
      : encodeResponseParts(name, header.apiVersion, header.correlationId, body as Exclude<Answer<N>, null | 'close'>)
  return answer instanceof Promise ? answer.then(encode) : encode(answer)
}

function decode<N extends ApiName>(name: N, frame: Buffer, header: RequestHeader): Messages[N]['request'] {
  try {
    return decodeRequest(name, header.apiVersion, frame, header.bodyOffset)
  } catch (error) {
    throw new MalformedRequest(error)
  }
}

/** The header of a request. Throws MalformedRequest. */
export function decodeHeader(frame: Buffer): RequestHeader {
  try {
    return decodeRequestHeader(frame)
  } catch (error) {
    throw new MalformedRequest(error)
  }
}

/** The API that the header asks for, in a version that we speak; else what is to be said to that. */
export function findApi(header: RequestHeader): Api | Reply {
  const found = apiByKey(header.apiKey)
  if (found !== undefined && header.bodyOffset >= 0) return found
  return found?.name === 'ApiVersions' ? [offerApiVersions(header)] : 'close'
}

/**
 * A client newer than we are asks for a version of ApiVersions that we lack. Every client reads version 0 of the answer,
 * and takes from it the version to ask with.
 */
function offerApiVersions(header: RequestHeader): Buffer {
  const { key, minVersion, maxVersion } = api('ApiVersions')
  return encodeResponse('ApiVersions', 0, header.correlationId, {
    errorCode: errorCode.UNSUPPORTED_VERSION,
    apiKeys: [{ apiKey: key, minVersion, maxVersion }],
  })
}
