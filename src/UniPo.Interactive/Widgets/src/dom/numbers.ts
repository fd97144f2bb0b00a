/** Numbers as the C# side writes them: four significant digits, a real minus sign, a dash where there is none. */
const missing = '—',
  raisedDigits = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const minus = (text: string): string => text.replace(/-/g, '−');
const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
/** The decimal that is nearest, halves away from zero as in .NET. */
const fixed = (value: number, decimals: number): string => trim(value.toFixed(decimals));

export function short(value: number | null | undefined): string {
  if (value == null || Number.isNaN(value)) return missing;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size === Math.floor(size) && size < 1e6) return minus(value.toFixed(0));
  if (size < 9.9995e-4 || size >= 999950) return power(value);
  return minus(fixed(value, Math.min(7, Math.max(0, 3 - Math.floor(Math.log10(size))))));
}

export const signed = (value: number): string => (value > 0 ? '+' + short(value) : short(value));

export function share(value: number): string {
  if (!Number.isFinite(value)) return missing;
  const size = Math.abs(value);
  return minus(fixed(value * 100, size > 0 && size < 0.0995 ? 1 : 0)) + ' %';
}

export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

export const raised = (exponent: number): string =>
  String(exponent)
    .replace(/-/, '⁻')
    .replace(/\d/g, d => raisedDigits[+d]!);

function power(value: number): string {
  let exponent = Math.floor(Math.log10(Math.abs(value))),
    mantissa = value / Math.pow(10, exponent);
  if (!Number.isFinite(mantissa)) mantissa = (value * 1e300) / Math.pow(10, exponent + 300);
  if (Math.abs(+mantissa.toFixed(3)) >= 10) {
    mantissa /= 10;
    exponent++;
  }
  return minus(fixed(mantissa, 3)) + '×10' + raised(exponent);
}

/** A power of ten that a whole picture shares, so that its numbers are short. */
export class NumberScale {
  private constructor(
    readonly exponent: number,
    readonly decimals: number,
  ) {}

  static for(largest: number): NumberScale {
    if (!Number.isFinite(largest) || largest <= 0) return new NumberScale(0, 0);
    const exponent = largest >= 0.0999 && largest < 10000 ? 0 : 3 * Math.floor(Math.log10(largest) / 3);
    const size = Math.floor(Math.log10(largest / Math.pow(10, exponent)));
    return new NumberScale(exponent, Math.min(3, Math.max(0, 3 - Math.max(size, 0))));
  }

  get unit(): string {
    return this.exponent === 0 ? '' : '×10' + raised(this.exponent);
  }

  write(value: number): string {
    if (!Number.isFinite(value)) return short(value);
    const text = fixed(value / Math.pow(10, this.exponent), this.decimals);
    return text === '-0' || text === '0' ? '0' : minus(text);
  }

  signed(value: number): string {
    const text = this.write(value);
    if (text === '0' && value !== 0) return value > 0 ? '+0' : '−0';
    return value > 0 ? '+' + text : text;
  }
}
