/** Digits and power of ten of the first digit: 0.00123 is 123 with exponent -3. */
interface Shortest {
  readonly digits: string
  readonly exponent: number
}

/** Text of JavaScript's `toExponential`, which gives the shortest digits unless told how many. */
function split(exponential: string): Shortest {
  const [mantissa = '', exponent = '0'] = exponential.split('e')
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) }
}

/** Java writes plainly from 1E-3 to below 1E7, and otherwise one digit, the point, at least one more, and the exponent. */
function place({ digits, exponent }: Shortest): string {
  if (exponent < -3 || exponent > 6) return `${digits[0]}.${digits.slice(1) || '0'}E${exponent}`
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${whole}.${digits.slice(exponent + 1) || '0'}`
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (Number.isFinite(value)) return null
  return value > 0 ? 'Infinity' : '-Infinity'
}

/** Where one digit would do, Java takes the two that are nearest, which shows at the smallest numbers: 4.9E-324. */
function atLeastTwoDigits(shortest: Shortest, magnitude: number, round: (value: number) => number): Shortest {
  if (shortest.digits.length > 1) return shortest
  const two = magnitude.toExponential(1)
  return round(Number(two)) === magnitude ? split(two.replace('.0e', 'e')) : shortest
}

const itself = (value: number): number => value

/** Java's `Double.toString` (19 and later): the shortest digits that read back as the same double. */
export function javaDouble(value: number): string {
  const known = special(value)
  if (known !== null) return known
  const magnitude = Math.abs(value)
  const sign = value < 0 ? '-' : ''
  // The everyday case, in which JavaScript's own text differs by the last two characters at most.
  if (magnitude >= 1e-3 && magnitude < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  return sign + place(atLeastTwoDigits(split(magnitude.toExponential()), magnitude, itself))
}

function shortestFloat(magnitude: number): Shortest {
  for (let places = 0; places < 9; places++) {
    const text = magnitude.toExponential(places)
    if (Math.fround(Number(text)) === magnitude) return split(text)
  }
  return split(magnitude.toExponential(9))
}

/** Java's `Float.toString` (19 and later): the shortest digits that read back as the same float. */
export function javaFloat(value: number): string {
  const rounded = Math.fround(value)
  const known = special(rounded)
  if (known !== null) return known
  const magnitude = Math.abs(rounded)
  const text = place(atLeastTwoDigits(shortestFloat(magnitude), magnitude, Math.fround))
  return rounded < 0 ? `-${text}` : text
}
