import { startEmbeddedBroker } from '@sluice/embedded'
import type { EmbeddedBroker } from '@sluice/embedded'
import { afterAll, beforeAll, describe } from 'vitest'
import { adminContract } from './admin.contract.ts'
import { consumerContract } from './consumer.contract.ts'
import { faultsContract } from './faults.contract.ts'
import { groupContract } from './group.contract.ts'
import { producerContract } from './producer.contract.ts'
import type { ContractTarget } from './support/contract-target.ts'

let broker: EmbeddedBroker

const target: ContractTarget = {
  bootstrapServers: () => broker.bootstrapServers,
  features: { logAppendTime: true, maxMessageBytes: true },
}

beforeAll(async () => {
  broker = await startEmbeddedBroker()
})
afterAll(() => broker.close())

describe('the producer, over the embedded broker', () => producerContract(target))
describe('the consumer, over the embedded broker', () => consumerContract(target))
describe('the admin port, over the embedded broker', () => adminContract(target))
describe('group members, over the embedded broker', () => groupContract(target))
describe('over faults, with the embedded broker', () => faultsContract(target))
