import type { Messages } from '@sluice/kafka/protocol'

/** One setting as DescribeConfigs shows it. */
export type ConfigEntry = Messages['DescribeConfigs']['responseInput']['results'][number]['configs'][number]

/** Where a setting comes from, in the numbers of the protocol. */
export const configSource = { topic: 1, staticBroker: 4, default: 5 } as const

/** What a setting may be of, in the numbers of the protocol. */
export const resourceType = { topic: 2, broker: 4 } as const

/** The types of settings, in the numbers of the protocol. */
export const configType = { BOOLEAN: 1, STRING: 2, INT: 3, LONG: 5, DOUBLE: 6, LIST: 7 } as const
