/** Names of the schemas of Connect's own logical types. A schema of such a name holds the logical value, whatever its type. */
export const LogicalName = {
  decimal: 'org.apache.kafka.connect.data.Decimal',
  date: 'org.apache.kafka.connect.data.Date',
  time: 'org.apache.kafka.connect.data.Time',
  timestamp: 'org.apache.kafka.connect.data.Timestamp',
} as const
