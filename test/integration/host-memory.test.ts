import { expect, test } from 'vitest'
import { startEmbeddedConnect } from '../support/embedded-connect.ts'

test('a task that fills the memory is found and fails; its neighbour goes on', async () => {
  const connect = await startEmbeddedConnect({
    props: { 'sluice.hosts': '1', 'sluice.host.memory.max.bytes': String(192 * 1_048_576) },
  })
  try {
    await connect.create('neighbour', { 'connector.class': 'SequenceSource', topic: 'neighbour' })
    await connect.create('leaking', { 'connector.class': 'SequenceSource', topic: 'leaking', misbehaviour: 'leak' })
    expect(await connect.untilTask('leaking', 0, 'FAILED')).toMatch(
      /^Running leaking-0.*: its host process held \d+ MiB of memory, more than the limit of 192 MiB, and was ended\./,
    )
    await connect.untilRunning('neighbour')
  } finally {
    await connect.stop()
  }
})
