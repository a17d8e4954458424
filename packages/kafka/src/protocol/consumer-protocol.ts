import { ProtocolError } from '../errors/protocol-error.ts'
import { MessageCodec } from './message-codec.ts'
import { consumerAssignment, consumerSubscription } from './messages/consumer-protocol.ts'
import type {
  ConsumerAssignment,
  ConsumerAssignmentInput,
  ConsumerSubscription,
  ConsumerSubscriptionInput,
} from './messages/consumer-protocol.ts'
import { WireWriter } from './wire-writer.ts'

const newest = 3
const subscriptionCodec = new MessageCodec(consumerSubscription.name, consumerSubscription.fields, 'none')
const assignmentCodec = new MessageCodec(consumerAssignment.name, consumerAssignment.fields, 'none')

/** The metadata of a consumer in JoinGroup. Fields that the version lacks are dropped. */
export function encodeConsumerSubscription(subscription: ConsumerSubscriptionInput, version: number = newest): Buffer {
  return encode(subscriptionCodec, subscription, version)
}

/** Reads the metadata of a consumer in any version; what a newer version adds at the end is ignored. */
export function decodeConsumerSubscription(bytes: Buffer): ConsumerSubscription {
  return decode(subscriptionCodec, bytes) as ConsumerSubscription
}

/** What the leader hands to one consumer in SyncGroup. */
export function encodeConsumerAssignment(assignment: ConsumerAssignmentInput, version: number = newest): Buffer {
  return encode(assignmentCodec, assignment, version)
}

/** Reads what the leader handed to a consumer, in any version; what a newer version adds at the end is ignored. */
export function decodeConsumerAssignment(bytes: Buffer): ConsumerAssignment {
  return decode(assignmentCodec, bytes) as ConsumerAssignment
}

function encode(codec: MessageCodec, body: object, version: number): Buffer {
  if (!Number.isInteger(version) || version < 0 || version > newest) {
    throw new ProtocolError('UNSUPPORTED_VERSION', 'not a version that we speak (0 to 3)', {
      message: codec.label,
      version,
      position: null,
    })
  }
  const writer = new WireWriter()
  writer.begin(codec.label, version)
  writer.int16(version, 'version')
  codec.encode(writer, version, body)
  return writer.whole()
}

function decode(codec: MessageCodec, bytes: Buffer): unknown {
  const header = codec.reader(bytes, 0, 0)
  const version = header.int16('version')
  if (version < 0) throw header.error(`the version is ${version}`)
  const known = Math.min(version, newest)
  return codec.decode(codec.reader(bytes, 2, known), known)
}
