// The contracts of the Kafka ports, which the embedded broker is held to in packages/kafka/contract/, over Apache Kafka.
import { afterAll, beforeAll, describe } from 'vitest'
import { adminContract } from '../../packages/kafka/contract/admin.contract.ts'
import { consumerContract } from '../../packages/kafka/contract/consumer.contract.ts'
import { faultsContract } from '../../packages/kafka/contract/faults.contract.ts'
import { groupContract } from '../../packages/kafka/contract/group.contract.ts'
import { producerContract } from '../../packages/kafka/contract/producer.contract.ts'
import type { ContractTarget } from '../../packages/kafka/contract/support/contract-target.ts'
import { startApacheBroker } from '../support/apache/apache-broker.ts'
import type { ApacheBroker } from '../support/apache/apache-broker.ts'

// A broker that runs already may be named instead: KAFKA_BOOTSTRAP=host:port.
const given = process.env['KAFKA_BOOTSTRAP']
let broker: ApacheBroker | undefined

const target: ContractTarget = {
  bootstrapServers: () => given ?? broker?.bootstrapServers ?? '',
  features: { logAppendTime: true, maxMessageBytes: true },
}

beforeAll(async () => {
  if (given === undefined) broker = await startApacheBroker()
})
afterAll(() => broker?.close())

describe('the producer, over Apache Kafka', () => producerContract(target))
describe('the consumer, over Apache Kafka', () => consumerContract(target))
describe('the admin port, over Apache Kafka', () => adminContract(target))
describe('group members, over Apache Kafka', () => groupContract(target))
describe('over faults, with Apache Kafka', () => faultsContract(target))
