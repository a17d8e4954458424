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

/** The decimal with as many digits that lies one unit of the last digit above, or below. */
function neighbour(text: string, step: 1 | -1): string {
  const [mantissa = '', exponent = '0'] = text.split('e')
  const places = Math.max(mantissa.length - 2, 0)
  return `${(Number(mantissa) + step * 10 ** -places).toFixed(places)}e${exponent}`
}

function readsBack(text: string, magnitude: number): boolean {
  return Math.fround(Number(text)) === magnitude
}

/** Halfway between two decimals `toExponential` takes the upper, Java the one whose last digit is even. */
function nearestDecimal(magnitude: number, places: number): string {
  const text = magnitude.toExponential(places)
  const isOdd = Number(text[text.indexOf('e') - 1]) % 2 === 1
  // Forty more digits tell a half from what is only near it.
  if (!isOdd || !/50{39}e/.test(magnitude.toExponential(places + 40))) return text
  const below = neighbour(text, -1)
  return readsBack(below, magnitude) ? below : text
}

/**
 * At a power of two the floats below lie closer than those above, so that a decimal above may read back as the float
 * though a nearer one below does not.
 */
function shortestFloat(magnitude: number): Shortest {
  const isPowerOfTwo = 2 ** Math.round(Math.log2(magnitude)) === magnitude
  // Elsewhere fewer digits cannot do where six are not enough, and most floats need more.
  const isLong = !isPowerOfTwo && !readsBack(magnitude.toExponential(5), magnitude)
  for (let places = isLong ? 6 : 0; places < 9; places++) {
    if (readsBack(magnitude.toExponential(places), magnitude)) return split(nearestDecimal(magnitude, places))
    if (!isPowerOfTwo) continue
    const above = neighbour(magnitude.toExponential(places), 1)
    if (readsBack(above, magnitude)) return split(above)
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
