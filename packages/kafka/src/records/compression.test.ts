import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { compress, decompress } from './compression.ts'

const text = Buffer.from('the same line again and again\n'.repeat(500))

describe.each(['gzip', 'zstd'] as const)('%s', (codec) => {
  test('comes back as it was, at every level', () => {
    for (const level of [null, 1, 9]) {
      const packed = compress(codec, text, level)
      expect(packed.length).toBeLessThan(text.length / 10)
      expect(decompress(codec, packed, text.length).equals(text)).toBe(true)
    }
    expect(decompress(codec, compress(codec, Buffer.alloc(0)), 10)).toHaveLength(0)
  })

  test('is not decompressed beyond the bound', () => {
    const bomb = compress(codec, Buffer.alloc(8 * 1024 * 1024))
    expect(() => decompress(codec, bomb, 1024 * 1024)).toThrow(
      expect.objectContaining({
        errorName: 'RECORD_LIST_TOO_LARGE',
        message: `Records of ${codec} exceed 1048576 bytes`,
      }),
    )
  })

  test('that is cut or is something else is refused', () => {
    const packed = compress(codec, text)
    for (const bad of [packed.subarray(0, packed.length - 9), Buffer.from('not compressed at all'), Buffer.alloc(0)]) {
      expect(() => decompress(codec, bad, 1e6)).toThrow(expect.objectContaining({ errorName: 'CORRUPT_MESSAGE' }))
    }
  })
})

test('no codec yields the bytes themselves', () => {
  expect(decompress('none', text, 0)).toBe(text)
  expect(compress('none', text).equals(text)).toBe(true)
})

test('gzip written in several members is read whole', () => {
  const members = Buffer.concat([gzipSync(text), gzipSync(text)])
  expect(decompress('gzip', members, 1e6)).toHaveLength(text.length * 2)
})

test.each(['snappy', 'lz4'] as const)('%s is refused by name', (codec) => {
  expect(() => decompress(codec, text, 1e6)).toThrow(
    expect.objectContaining({ errorName: 'UNSUPPORTED_COMPRESSION_TYPE', message: expect.stringContaining(codec) }),
  )
})
