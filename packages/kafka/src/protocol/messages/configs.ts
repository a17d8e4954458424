// Messages about configuration. One message per block, its fields in wire order; field-spec.ts says what the marks mean.

import type { Body } from '../field-spec.ts'

/** DescribeConfigs: reads the configuration of topics and brokers. */
export const describeConfigs = {
  name: 'DescribeConfigs',
  key: 32,
  versions: '1-4',
  flexible: '4+',
  request: [
    {
      name: 'resources',
      type: '[]struct',
      fields: [
        { name: 'resourceType', type: 'int8' },
        { name: 'resourceName', type: 'string' },
        { name: 'configurationKeys', type: '[]string', nullable: true },
      ],
    },
    { name: 'includeSynonyms', type: 'boolean' },
    { name: 'includeDocumentation', type: 'boolean', versions: '3+' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'results',
      type: '[]struct',
      fields: [
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', nullable: true },
        { name: 'resourceType', type: 'int8' },
        { name: 'resourceName', type: 'string' },
        {
          name: 'configs',
          type: '[]struct',
          fields: [
            { name: 'name', type: 'string' },
            { name: 'value', type: 'string', nullable: true },
            { name: 'readOnly', type: 'boolean' },
            { name: 'configSource', type: 'int8', default: -1 },
            { name: 'isSensitive', type: 'boolean' },
            {
              name: 'synonyms',
              type: '[]struct',
              fields: [
                { name: 'name', type: 'string' },
                { name: 'value', type: 'string', nullable: true },
                { name: 'source', type: 'int8' },
              ],
            },
            { name: 'configType', type: 'int8', versions: '3+', ignorable: true },
            { name: 'documentation', type: 'string', versions: '3+', nullable: true, ignorable: true },
          ],
        },
      ],
    },
  ],
} as const
export type DescribeConfigsRequest = Body<typeof describeConfigs.request>
export type DescribeConfigsResponse = Body<typeof describeConfigs.response>

/** IncrementalAlterConfigs: changes single keys of a configuration. */
export const incrementalAlterConfigs = {
  name: 'IncrementalAlterConfigs',
  key: 44,
  versions: '0-1',
  flexible: '1+',
  request: [
    {
      name: 'resources',
      type: '[]struct',
      fields: [
        { name: 'resourceType', type: 'int8' },
        { name: 'resourceName', type: 'string' },
        {
          name: 'configs',
          type: '[]struct',
          fields: [
            { name: 'name', type: 'string' },
            { name: 'configOperation', type: 'int8' },
            { name: 'value', type: 'string', nullable: true },
          ],
        },
      ],
    },
    { name: 'validateOnly', type: 'boolean' },
  ],
  response: [
    { name: 'throttleTimeMs', type: 'int32', default: 0 },
    {
      name: 'responses',
      type: '[]struct',
      fields: [
        { name: 'errorCode', type: 'int16' },
        { name: 'errorMessage', type: 'string', nullable: true },
        { name: 'resourceType', type: 'int8' },
        { name: 'resourceName', type: 'string' },
      ],
    },
  ],
} as const
export type IncrementalAlterConfigsRequest = Body<typeof incrementalAlterConfigs.request>
export type IncrementalAlterConfigsResponse = Body<typeof incrementalAlterConfigs.response>
