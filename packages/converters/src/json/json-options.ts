/** What the settings of the JSON converter decide for each value. */
export interface JsonOptions {
  /** Decimals as base64 text of their bytes, or as numbers. */
  readonly decimalFormat: 'BASE64' | 'NUMERIC'
  /** Whether null in a field that has a default stands for the default. */
  readonly replaceNullWithDefault: boolean
}
