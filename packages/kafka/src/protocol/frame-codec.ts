// A frame is an int32 size, a header, a body:
//   request header 1    apiKey int16, apiVersion int16, correlationId int32, clientId nullable string
//   request header 2    the same (clientId with an int16 length still), then tagged fields
//   response header 0   correlationId int32
//   response header 1   the same, then tagged fields

import { errorCode } from '../errors/error-codes.ts'
import { ProtocolError } from '../errors/protocol-error.ts'
import { api, apiByKey } from './api-table.ts'
import type { Api, ApiName, Messages } from './api-table.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/** What a request carries besides its body. */
export interface RequestHeaderInput {
  readonly correlationId: number
  readonly clientId: string | null
}

/** The decoded header of a request. */
export interface RequestHeader extends RequestHeaderInput {
  readonly apiKey: number
  readonly apiVersion: number
  /** Where the body starts in the frame; −1 for an API or a version that we do not speak. */
  readonly bodyOffset: number
}

// Encoding is synchronous from begin() to parts(), so that one writer serves everyone.
const writer = new WireWriter()

/** Encodes a request with its size in front. Fields left out get their defaults. */
export function encodeRequest<N extends ApiName>(
  name: N,
  version: number,
  header: RequestHeaderInput,
  body: Messages[N]['requestInput'],
): Buffer {
  writeRequest(name, version, header, body)
  return writer.whole()
}

/** As encodeRequest, in pieces for a gathered write: large payloads are not copied and must not change until sent. */
export function encodeRequestParts<N extends ApiName>(
  name: N,
  version: number,
  header: RequestHeaderInput,
  body: Messages[N]['requestInput'],
): Buffer[] {
  writeRequest(name, version, header, body)
  return writer.parts()
}

/** Encodes a response with its size in front. Fields left out get their defaults. */
export function encodeResponse<N extends ApiName>(
  name: N,
  version: number,
  correlationId: number,
  body: Messages[N]['responseInput'],
): Buffer {
  writeResponse(name, version, correlationId, body)
  return writer.whole()
}

/** As encodeResponse, in pieces for a gathered write: large payloads are not copied and must not change until sent. */
export function encodeResponseParts<N extends ApiName>(
  name: N,
  version: number,
  correlationId: number,
  body: Messages[N]['responseInput'],
): Buffer[] {
  writeResponse(name, version, correlationId, body)
  return writer.parts()
}

function writeRequest(name: ApiName, version: number, header: RequestHeaderInput, body: object): void {
  const found = api(name)
  checkVersion(found, version, found.request.label)
  writer.begin(found.request.label, version)
  writer.int32(0, 'size')
  writer.int16(found.key, 'apiKey')
  writer.int16(version, 'apiVersion')
  writer.int32(header.correlationId, 'correlationId')
  writer.string(header.clientId, 'clientId')
  if (found.requestHeaderVersion(version) === 2) writer.varint(0)
  found.request.encode(writer, version, body)
  writer.patchSize()
}

function writeResponse(name: ApiName, version: number, correlationId: number, body: object): void {
  const found = api(name)
  checkVersion(found, version, found.response.label)
  writer.begin(found.response.label, version)
  writer.int32(0, 'size')
  writer.int32(correlationId, 'correlationId')
  if (found.responseHeaderVersion(version) === 1) writer.varint(0)
  found.response.encode(writer, version, body)
  writer.patchSize()
}

/** Decodes the header of a request; `frame` comes without the size. */
export function decodeRequestHeader(frame: Buffer): RequestHeader {
  const reader = new WireReader(frame, 0, 'Request header', 1)
  const apiKey = reader.int16('apiKey')
  const apiVersion = reader.int16('apiVersion')
  const correlationId = reader.int32('correlationId')
  const clientId = reader.text(reader.int16('clientId'), 'clientId')
  const found = apiByKey(apiKey)
  const known = found !== undefined && apiVersion >= found.minVersion && apiVersion <= found.maxVersion
  if (known && found.requestHeaderVersion(apiVersion) === 2) skipTagged(reader)
  return { apiKey, apiVersion, correlationId, clientId, bodyOffset: known ? reader.position : -1 }
}

/** Decodes the body of a request from `bodyOffset` of its header to the end of the frame. */
export function decodeRequest<N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
  bodyOffset: number,
): Messages[N]['request'] {
  const { request } = checkVersion(api(name), version, api(name).request.label)
  const reader = request.reader(frame, bodyOffset, version)
  const body = request.decode(reader, version)
  reader.expectEnd(frame.length, 'the body')
  return body as Messages[N]['request']
}

/** The correlation id of a response; `frame` comes without the size. */
export function correlationIdOf(frame: Buffer): number {
  return new WireReader(frame, 0, 'Response header', 0).int32('correlationId')
}

/** Decodes a response; `frame` comes without the size. Bytes and records are views into the frame. */
export function decodeResponse<N extends ApiName>(
  name: N,
  version: number,
  frame: Buffer,
): { readonly correlationId: number; readonly body: Messages[N]['response'] } {
  const found = checkVersion(api(name), version, api(name).response.label)
  const asVersion = refusedApiVersions(name, frame) ? 0 : version
  const reader = found.response.reader(frame, 0, asVersion)
  const correlationId = reader.int32('correlationId')
  if (found.responseHeaderVersion(asVersion) === 1) skipTagged(reader)
  const body = found.response.decode(reader, asVersion)
  reader.expectEnd(frame.length, 'the body')
  return { correlationId, body: body as Messages[N]['response'] }
}

/** A broker that lacks the version of an ApiVersions request answers in version 0, with error 35 first. */
function refusedApiVersions(name: ApiName, frame: Buffer): boolean {
  return name === 'ApiVersions' && frame.length >= 6 && frame.readInt16BE(4) === errorCode.UNSUPPORTED_VERSION
}

function checkVersion(found: Api, version: number, message: string): Api {
  if (version >= found.minVersion && version <= found.maxVersion) return found
  const what = `not a version that we speak (${found.minVersion} to ${found.maxVersion})`
  throw new ProtocolError('UNSUPPORTED_VERSION', what, { message, version, position: null })
}

function skipTagged(reader: WireReader): void {
  for (let left = reader.varint('header tags'); left > 0; left--) {
    reader.varint('header tags')
    reader.skip(reader.varint('header tags'), 'header tags')
  }
}
