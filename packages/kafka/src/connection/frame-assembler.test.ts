import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameAssembler } from './frame-assembler.ts'

function framed(correlationId: number, body: Uint8Array): Buffer {
  const frame = Buffer.alloc(8 + body.length)
  frame.writeInt32BE(4 + body.length, 0)
  frame.writeInt32BE(correlationId, 4)
  frame.set(body, 8)
  return frame
}

test('cuts a stream into its responses, however it comes in, from one reused buffer', () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 })
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (all, sizes) => {
      const stream = Buffer.concat(all.map((body, id) => framed(id, body)))
      const found: [number, Buffer][] = []
      const assembler = new FrameAssembler({
        allocate: (_, size) => Buffer.alloc(size),
        complete: (id, frame) => found.push([id, frame]),
      })
      const reused = Buffer.alloc(50)
      for (let at = 0, i = 0; at < stream.length; i++) {
        const length = Math.min(sizes[i % sizes.length]!, stream.length - at)
        stream.copy(reused, 0, at, at + length)
        assembler.push(reused.subarray(0, length))
        at += length
      }
      expect(found.map(([id, frame]) => [id, frame.readInt32BE(0)])).toEqual(all.map((_, id) => [id, id]))
      expect(found.map(([, frame]) => [...frame.subarray(4)])).toEqual(all.map((body) => [...body]))
    }),
    { seed: 7, numRuns: 300 },
  )
})
