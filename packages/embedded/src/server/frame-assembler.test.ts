import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ReadBuffers } from '../log/read-lease.ts'
import { FrameAssembler, FrameError } from './frame-assembler.ts'

function framed(body: Uint8Array): Buffer {
  const size = Buffer.alloc(4)
  size.writeInt32BE(body.length)
  return Buffer.concat([size, body])
}

function assemble(stream: Buffer, cuts: readonly number[], maxSize = 10_000_000): Buffer[] {
  const buffers = new ReadBuffers()
  const assembler = new FrameAssembler(buffers, maxSize)
  const frames: Buffer[] = []
  const points = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length]
  for (let i = 1; i < points.length; i++) {
    const chunk = Buffer.from(stream.subarray(points[i - 1], points[i]))
    assembler.push(chunk, ({ bytes, buffer }) => {
      frames.push(Buffer.from(bytes))
      buffers.giveBack(buffer)
    })
    chunk.fill(0)
  }
  return frames
}

describe('putting requests together', () => {
  it('yields the same requests however the bytes are cut', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9_000, size: 'max' }), {
      minLength: 1,
      maxLength: 6,
      size: 'max',
    })
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(60_000), { maxLength: 12, size: 'max' }), (expected, cuts) => {
        const frames = assemble(Buffer.concat(expected.map(framed)), cuts)
        expect(frames.map((f) => f.toString('hex'))).toEqual(expected.map((b) => Buffer.from(b).toString('hex')))
      }),
      { seed: 3, numRuns: 200 },
    )
  })

  it('yields requests of many megabytes', () => {
    const body = Buffer.alloc(5_000_001, 'x')
    body[4_999_999] = 1
    const [frame] = assemble(framed(body), [1, 3, 1_500_000, 4_000_000])
    expect(frame!.equals(body)).toBe(true)
  })

  it('refuses sizes that no request has', () => {
    for (const size of [0, -1, 101, 0x47455420]) {
      const stream = Buffer.alloc(8)
      stream.writeInt32BE(size)
      expect(() => assemble(stream, [], 100)).toThrow(FrameError)
    }
    expect(assemble(framed(Buffer.alloc(100)), [], 100)).toHaveLength(1)
  })
})
