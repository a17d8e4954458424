import { type ConfigField, field } from '@sluice/api'

/** The key that the framework fills in for every converter of Connect. */
export const converterType: ConfigField<'key' | 'value' | 'header'> = field.oneOf(['key', 'value', 'header'], {
  doc: 'What the converter is used for. The worker sets it.',
  importance: 'low',
})
