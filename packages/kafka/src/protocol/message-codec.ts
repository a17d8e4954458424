import { compileDecoder } from './compile-decoder.ts'
import type { Decoder } from './compile-decoder.ts'
import { compileEncoder } from './compile-encoder.ts'
import type { Encoder } from './compile-encoder.ts'
import { inVersions } from './field-spec.ts'
import type { FieldSpec } from './field-spec.ts'
import { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

/** Encodes and decodes one message; the code for a version is generated when the version is first used. */
export class MessageCodec {
  /** The message as errors name it: 'Fetch response'. */
  readonly label: string
  private readonly fields: readonly FieldSpec[]
  private readonly flexible: string
  private readonly encoders: Encoder[] = []
  private readonly decoders: Decoder[] = []

  constructor(label: string, fields: readonly FieldSpec[], flexible: string) {
    this.label = label
    this.fields = fields
    this.flexible = flexible
  }

  /** Writes the body; the caller has begun the message and checked the version. */
  encode(writer: WireWriter, version: number, body: object): void {
    const encoder = (this.encoders[version] ??= compileEncoder(
      this.fields,
      version,
      inVersions(this.flexible, version),
    ))
    encoder(writer, body)
  }

  /** Reads a body that starts where the reader stands; the caller has checked the version. */
  decode(reader: WireReader, version: number): unknown {
    const decoder = (this.decoders[version] ??= compileDecoder(
      this.fields,
      version,
      inVersions(this.flexible, version),
    ))
    return decoder(reader)
  }

  /** A reader whose errors name this message. */
  reader(frame: Buffer, position: number, version: number): WireReader {
    return new WireReader(frame, position, this.label, version)
  }
}
