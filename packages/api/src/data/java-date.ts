const weekdays: readonly string[] = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 15 October 1582, the first day on which Java counts by the Gregorian calendar. */
const gregorianFrom = -12_219_292_800_000
const dayMs = 86_400_000
/** Days from 1 March of the year -4800 in the Julian calendar to the epoch. */
const julianEpoch = 2_472_670

interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

function gregorianDay(date: Date): CalendarDay {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() }
}

/** Years count from March, so that the leap day is the last of the year; a month of it has 30.6 days on average. */
function julianDay(date: Date): CalendarDay {
  const days = Math.floor(date.getTime() / dayMs) + julianEpoch
  const years = Math.floor((4 * days + 3) / 1461)
  const dayOfYear = days - Math.floor((1461 * years) / 4)
  const march = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1
  const isNextYear = march > 9
  return { year: years - 4800 + (isNextYear ? 1 : 0), month: isNextYear ? march - 10 : march + 2, day }
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}

/** Java's `Date.toString` in UTC: `Tue Nov 14 22:13:20 UTC 2023`; a year before Christ without saying so, as there. */
export function javaDate(date: Date): string {
  const { year, month, day } = date.getTime() < gregorianFrom ? julianDay(date) : gregorianDay(date)
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${weekdays[date.getUTCDay()]} ${months[month]} ${two(day)} ${time} UTC ${year > 0 ? year : 1 - year}`
}
