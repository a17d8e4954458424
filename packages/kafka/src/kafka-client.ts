import { createAdmin } from './admin/kafka-admin.ts'
import { resolveClientOptions } from './client-settings.ts'
import { KafkaConsumer } from './consumer/kafka-consumer.ts'
import { ConsumerGroupMember } from './group/consumer-group-member.ts'
import { GroupMember } from './group/group-member.ts'
import { Metadata } from './metadata/metadata.ts'
import type { ClientOptions, KafkaClient } from './ports.ts'
import { KafkaProducer } from './producer/kafka-producer.ts'

/**
 * A client of the cluster behind these bootstrap servers. Nothing is connected before a port needs it.
 * @throws KafkaError INVALID_CONFIG when the bootstrap servers cannot be read
 */
export function createKafkaClient(options: ClientOptions): KafkaClient {
  const settings = resolveClientOptions(options)
  const metadata = new Metadata(settings)
  /** How to close each port that is still open. */
  const open = new Map<symbol, () => Promise<void> | void>()
  const opened = <P>(make: (onClosed: () => void) => P, close: (port: P) => Promise<void> | void): P => {
    const id = Symbol('port')
    const port = make(() => open.delete(id))
    open.set(id, () => close(port))
    return port
  }
  const member = <P extends { readonly ended: Promise<unknown>; close(): void }>(make: () => P): P =>
    opened(
      (onClosed) => {
        const port = make()
        void port.ended.then(onClosed)
        return port
      },
      (port) => port.close(),
    )
  return {
    producer: (producerOptions = {}) =>
      opened(
        (onClosed) => new KafkaProducer(settings, metadata, producerOptions, onClosed),
        (port) => port.close(0),
      ),
    consumer: (consumerOptions = {}) =>
      opened(
        (onClosed) => new KafkaConsumer(settings, metadata, consumerOptions, onClosed),
        (port) => port.close(),
      ),
    groupMember: (memberOptions) => member(() => new GroupMember(settings, metadata, memberOptions)),
    consumerGroupMember: (memberOptions) => member(() => new ConsumerGroupMember(settings, metadata, memberOptions)),
    admin: () =>
      opened(
        (onClosed) => createAdmin(settings, metadata, onClosed),
        (port) => port.close(),
      ),
    async close() {
      await Promise.all([...open.values()].map(async (close) => close()))
      metadata.close()
    },
  }
}
