export { errorCode } from '../errors/error-codes.ts'
export type { ErrorName } from '../errors/error-codes.ts'
export { errorFromCode, errorNameOf, KafkaError } from '../errors/kafka-error.ts'
export { ProtocolError } from '../errors/protocol-error.ts'
export type { ProtocolErrorPlace } from '../errors/protocol-error.ts'
export { api, apiByKey, apis, commonVersion, offeredVersions } from './api-table.ts'
export type { Api, ApiName, Messages } from './api-table.ts'
export {
  decodeConsumerAssignment,
  decodeConsumerSubscription,
  encodeConsumerAssignment,
  encodeConsumerSubscription,
} from './consumer-protocol.ts'
export { zeroUuid } from './field-defaults.ts'
export type { ApiSpec, Body, BodyInput, FieldSpec, FieldType } from './field-spec.ts'
export {
  correlationIdOf,
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeRequestParts,
  encodeResponse,
  encodeResponseParts,
} from './frame-codec.ts'
export type { RequestHeader, RequestHeaderInput } from './frame-codec.ts'
export type { MessageCodec } from './message-codec.ts'
export type {
  ConsumerAssignment,
  ConsumerAssignmentInput,
  ConsumerSubscription,
  ConsumerSubscriptionInput,
} from './messages/consumer-protocol.ts'
