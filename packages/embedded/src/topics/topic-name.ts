const maxLength = 249

/** What is wrong with the name of a topic; null if nothing is. */
export function topicNameProblem(name: string): string | null {
  if (name === '') return 'the empty string is not allowed'
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  if (name.length > maxLength) return `the length of '${name}' is longer than the max allowed length ${maxLength}`
  if (!/^[a-zA-Z0-9._-]+$/.test(name))
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  return null
}

/** Names that differ in '.' and '_' alone would have the same metrics, so Kafka allows only one of them. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_')
}

/** Whether the topic is one of those in which Kafka keeps its own state. */
export function isInternalTopic(name: string): boolean {
  return name === '__consumer_offsets' || name === '__transaction_state'
}
