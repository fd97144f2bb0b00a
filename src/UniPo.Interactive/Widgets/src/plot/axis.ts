import { NumberScale, short } from '../dom/numbers.js';

/** An axis: a range of numbers, round ticks with labels, and where each number lies on the drawing. The twin of C#'s Axis. */
export class Axis {
  readonly ticks: { readonly value: number; readonly label: string }[] = [];
  unit = '';

  private constructor(
    readonly low: number,
    readonly high: number,
    readonly from: number,
    readonly to: number,
    readonly isLog: boolean,
  ) {}

  at(value: number): number {
    const [v, low, high] = this.isLog
      ? [Math.log10(value), Math.log10(this.low), Math.log10(this.high)]
      : [value, this.low, this.high];
    return this.from + ((v - low) / (high - low)) * (this.to - this.from);
  }

  /** The number at a place of a linear axis. */
  inverse(place: number): number {
    return this.low + ((place - this.from) / (this.to - this.from)) * (this.high - this.low);
  }

  /** An axis whose ends are round numbers; it reaches down to zero when the numbers come near it. */
  static round(
    low: number,
    high: number,
    from: number,
    to: number,
    ticks: number,
    within: readonly [number, number] | null = null,
  ): Axis {
    if (low > 0 && low <= 0.4 * high) low = 0;
    if (high < 0 && high >= 0.4 * low) high = 0;
    if (high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high))) {
      const around = low === 0 ? [0, 1] : [low - Math.abs(low) * 0.5, low + Math.abs(low) * 0.5];
      [low, high] = [around[0]!, around[1]!];
    }
    if (within) {
      [low, high] = [Math.max(low, within[0]), Math.min(high, within[1])];
      if (low >= high) [low, high] = [within[0], Math.min(within[1], within[0] + 1)];
    }
    const step = niceStep((high - low) / ticks),
      [least, most] = within ?? [-Infinity, Infinity];
    return new Axis(
      Math.max(least, Math.floor(low / step + 1e-9) * step),
      Math.min(most, Math.ceil(high / step - 1e-9) * step),
      from,
      to,
      false,
    ).tick(step);
  }

  /** An axis of steps: its ends are the first and last step, its ticks are whole. */
  static steps(first: number, last: number, from: number, to: number, ticks: number): Axis {
    if (first === last) return new Axis(first - 1, first + 1, from, to, false).tick(1, String);
    return new Axis(first, last, from, to, false).tick(Math.max(1, niceStep((last - first) / ticks)), String);
  }

  /** A logarithmic axis for positive numbers, with ticks at powers of ten. */
  static log(low: number, high: number, from: number, to: number): Axis {
    const first = Math.floor(Math.log10(low) + 1e-9),
      last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
    const axis = new Axis(10 ** first, 10 ** last, from, to, true),
      every = Math.ceil((last - first) / 5);
    for (let k = first; k <= last; k += every) axis.ticks.push({ value: 10 ** k, label: short(10 ** k) });
    return axis;
  }

  private tick(step: number, write?: (value: number) => string): Axis {
    const scale = NumberScale.for(Math.max(Math.abs(this.low), Math.abs(this.high)));
    if (!write) this.unit = scale.unit;
    for (let k = Math.ceil(this.low / step - 1e-9); k * step <= this.high + step * 1e-9; k++)
      this.ticks.push({ value: k === 0 ? 0 : k * step, label: write ? write(k * step) : scale.write(k * step) });
    return this;
  }
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough)),
    lead = rough / power;
  return power * (lead <= 1.0000001 ? 1 : lead <= 2.0000001 ? 2 : lead <= 5.0000001 ? 5 : 10);
}
