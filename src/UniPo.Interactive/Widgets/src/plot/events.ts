/** Steps at which a curve leaves what came before it: a spike up, or a collapse. */
export interface Jump {
  readonly index: number;
  readonly up: boolean;
  readonly size: number;
}

const window = 10,
  least = 5,
  strictness = 4;

/**
 * A jump is a number further from the median of the ten before it than four times their usual scatter (median absolute
 * deviation, taken over the whole curve so that a flat stretch does not make every ripple a jump). Neighbours count once.
 */
export function jumps(values: ArrayLike<number>): Jump[] {
  const gaps = new Float64Array(values.length).fill(NaN),
    before: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (before.length >= least) gaps[i] = value - median(before);
    before.push(value);
    if (before.length > window) before.shift();
  }
  const sizes = Array.from(gaps).filter(Number.isFinite).map(Math.abs),
    scatter = 1.4826 * median(sizes);
  const found: Jump[] = [];
  for (let i = 0; i < gaps.length; i++) {
    const size = Math.abs(gaps[i]!);
    if (!(size > strictness * scatter) || size === 0) continue;
    const last = found[found.length - 1],
      jump = { index: i, up: gaps[i]! > 0, size };
    if (last && i - last.index <= 3 && last.up === jump.up) {
      if (size > last.size) found[found.length - 1] = jump;
    } else found.push(jump);
  }
  return found;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b),
    middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
