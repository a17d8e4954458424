export { hoistField } from './hoist-field.ts'
export { insertField } from './insert-field.ts'
export { regexRouter } from './regex-router.ts'
