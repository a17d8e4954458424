import { ConnectError } from '@sluice/api'

/**
 * `HashMap<byte[], byte[]>` in Java's serialisation, the one shape of Apache Connect's standalone offset file.
 *
 *     AC ED 00 05                                         magic, version
 *     73 72 "java.util.HashMap" 05 07 DA C1 C3 16 60 D1   object of a class, with its serial version
 *        03 00 02  F "loadFactor"  I "threshold"  78 70   flags, two fields, no more data, no super class
 *     3F 40 00 00  <threshold>                            values of the fields
 *     77 08 <capacity> <size>                             block data of HashMap.writeObject
 *     for each entry, key then value:
 *        75 72 "[B" AC F3 17 F8 06 08 54 E0 02 00 00 78 70 <length> <bytes>    the first array describes its class
 *        75 71 00 7E 00 02 <length> <bytes>                                   the others refer to it
 *        71 <handle>                                                          the very array of before
 *        70                                                                   null
 *     78                                                  end of the map's data
 *
 * Every description, object and array that is written gets the next handle, from 00 7E 00 00 on.
 */
export type ByteMapEntry = readonly [key: Buffer | null, value: Buffer | null]

const header = Buffer.concat([
  Buffer.from('aced0005', 'hex'),
  Buffer.from('7372', 'hex'),
  javaString('java.util.HashMap'),
  Buffer.from('0507dac1c31660d1030002', 'hex'),
  Buffer.from('F'),
  javaString('loadFactor'),
  Buffer.from('I'),
  javaString('threshold'),
  Buffer.from('7870', 'hex'),
])
const arrayClass = Buffer.concat([
  Buffer.from('72', 'hex'),
  javaString('[B'),
  Buffer.from('acf317f8060854e00200007870', 'hex'),
])
const arrayClassReference = Buffer.from('71007e0002', 'hex')
const loadFactor = Buffer.from('3f400000', 'hex')

const tag = {
  null: 0x70,
  reference: 0x71,
  classDescription: 0x72,
  object: 0x73,
  array: 0x75,
  blockData: 0x77,
  end: 0x78,
}
const firstHandle = 0x7e0000
/** Of the map's class, the map and the class of arrays: the arrays come after. */
const firstArrayHandle = firstHandle + 3

/** The bytes that Java's `ObjectInputStream` reads as a HashMap with these entries. */
export function encodeJavaMap(entries: readonly ByteMapEntry[]): Buffer {
  let capacity = 16
  while (entries.length > capacity * 0.75) capacity *= 2
  const counts = Buffer.alloc(14)
  counts.writeInt32BE(capacity * 0.75, 0)
  counts.writeUInt8(tag.blockData, 4)
  counts.writeUInt8(8, 5)
  counts.writeInt32BE(capacity, 6)
  counts.writeInt32BE(entries.length, 10)
  const parts: Buffer[] = [header, loadFactor, counts]
  let isFirstArray = true
  for (const bytes of entries.flat()) {
    if (bytes === null) {
      parts.push(Buffer.from([tag.null]))
      continue
    }
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes.length)
    parts.push(Buffer.from([tag.array]), isFirstArray ? arrayClass : arrayClassReference, length, bytes)
    isFirstArray = false
  }
  parts.push(Buffer.from([tag.end]))
  return Buffer.concat(parts)
}

/** The entries in the order of the file. Refuses every other content, naming the class where there is one. */
export function decodeJavaMap(bytes: Buffer): ByteMapEntry[] {
  const reader = new Reader(bytes)
  reader.expect(Buffer.from('aced0005', 'hex'), 'no Java serialisation stream')
  const described = reader.describeObject()
  if (described !== 'java.util.HashMap') throw reader.refuse(`an object of ${described}, not of java.util.HashMap`)
  reader.expect(header.subarray(6 + 'java.util.HashMap'.length + 2), 'another version of java.util.HashMap')
  reader.skip(8)
  if (reader.byte() !== tag.blockData || reader.byte() !== 8) throw reader.refuse('a HashMap without its sizes')
  reader.skip(4)
  const size = reader.int32()
  const arrays: Buffer[] = []
  const entries: ByteMapEntry[] = []
  for (let index = 0; index < size; index += 1) {
    const key = reader.array(arrays)
    entries.push([key, reader.array(arrays)])
  }
  if (reader.byte() !== tag.end || !reader.isAtEnd) throw reader.refuse('more data than the map')
  return entries
}

class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  refuse(found: string): ConnectError {
    return new ConnectError(`Reading a Java-serialised HashMap of byte arrays: found ${found} at byte ${this.#at}.`)
  }

  byte(): number {
    return this.#take(1)[0] ?? 0
  }

  int32(): number {
    const value = this.#take(4).readInt32BE()
    if (value < 0) throw this.refuse('a negative count')
    return value
  }

  skip(count: number): void {
    this.#take(count)
  }

  expect(expected: Buffer, otherwise: string): void {
    if (!this.#take(expected.length).equals(expected)) throw this.refuse(otherwise)
  }

  /** The class name of the object that begins here. */
  describeObject(): string {
    const kind = this.byte()
    if (kind !== tag.object) throw this.refuse('a value that is no object')
    if (this.byte() !== tag.classDescription) throw this.refuse('an object without a class')
    return this.#take(this.#take(2).readUInt16BE()).toString('latin1')
  }

  array(known: Buffer[]): Buffer | null {
    const kind = this.byte()
    if (kind === tag.null) return null
    if (kind === tag.reference) {
      const bytes = known[this.int32() - firstArrayHandle]
      if (bytes === undefined) throw this.refuse('a reference to something that is no byte array')
      return bytes
    }
    if (kind !== tag.array) throw this.refuse('an entry that is no byte array')
    this.expect(known.length === 0 ? arrayClass : arrayClassReference, 'an array of something else than bytes')
    const bytes = this.#take(this.int32())
    known.push(bytes)
    return bytes
  }

  #take(count: number): Buffer {
    const end = this.#at + count
    if (end > this.#bytes.length) throw this.refuse('the end of the file')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}

function javaString(text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text, 'latin1')])
}
