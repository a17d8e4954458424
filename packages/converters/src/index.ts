export { byteArrayConverter, byteArrayHeaderConverter, createByteArrayConverter } from './byte-array.ts'
export { createJsonConverter, type JsonConverterOptions, jsonConverter, jsonHeaderConverter } from './json.ts'
export { createSimpleHeaderConverter, simpleHeaderConverter } from './simple-header.ts'
export { createStringConverter, stringConverter, stringHeaderConverter } from './string.ts'
