/** Curves as SVG path data: gaps stay gaps, long curves keep their extremes. The twin of C#'s LinePlot and Downsampling. */

/** A place where nobody measured: the line goes on to the next number. NaN, which is no number, is a gap. */
export const unmeasured = -Infinity;

export const dash = (series: number): string | null =>
  [null, '7 3', '2 3', '9 3 2 3', '4 2', '1 2 5 2', '12 3', '6 2 2 2 2 2'][series % 8]!;

const at = (x: number): string => String(Math.round(x * 10) / 10);

/** Indices in [from, to) to draw: first, lowest, highest and last of each bucket, and one gap where a bucket holds one. */
export function keep(values: ArrayLike<number>, from: number, to: number, most: number): number[] {
  const all: number[] = [];
  if (to - from <= most) {
    for (let i = from; i < to; i++) all.push(i);
    return all;
  }
  const buckets = Math.max(1, most >> 2);
  for (let b = 0; b < buckets; b++) {
    const first = from + Math.floor(((to - from) * b) / buckets),
      end = from + Math.floor(((to - from) * (b + 1)) / buckets);
    let low = -1,
      high = -1,
      gap = -1;
    for (let i = first; i < end; i++) {
      if (values[i] === unmeasured) continue;
      if (!Number.isFinite(values[i])) gap = i;
      else {
        if (low < 0 || values[i]! < values[low]!) low = i;
        if (high < 0 || values[i]! > values[high]!) high = i;
      }
    }
    all.push(...[...new Set([first, low, high, gap, end - 1])].filter(i => i >= 0).sort((a, c) => a - c));
  }
  return all;
}

export function line(indices: readonly number[], x: (i: number) => number, y: (i: number) => number): string {
  let path = '',
    pen = false;
  for (const i of indices) {
    const place = y(i);
    if (place === unmeasured) continue;
    if (!Number.isFinite(place)) {
      // A lone point has no line; one of zero length still shows with round ends.
      if (pen && path.lastIndexOf('M') > path.lastIndexOf('L')) path += 'h0';
      pen = false;
      continue;
    }
    path += `${pen ? 'L' : 'M'}${at(x(i))} ${at(place)}`;
    pen = true;
  }
  return pen && path.lastIndexOf('M') > path.lastIndexOf('L') ? path + 'h0' : path;
}

/** The area between two curves, cut at gaps. */
export function band(
  indices: readonly number[],
  x: (i: number) => number,
  low: (i: number) => number,
  high: (i: number) => number,
): string {
  let path = '',
    run: number[] = [];
  const close = (): void => {
    if (run.length > 0)
      path +=
        run.map((i, k) => `${k ? 'L' : 'M'}${at(x(i))} ${at(high(i))}`).join('') +
        run
          .reverse()
          .map(i => `L${at(x(i))} ${at(low(i))}`)
          .join('') +
        'Z';
    run = [];
  };
  for (const i of indices)
    if (Number.isFinite(high(i)) && Number.isFinite(low(i))) run.push(i);
    else if (high(i) !== unmeasured) close();
  close();
  return path;
}

/** The mean of the last `window` finite numbers; NaN where the curve has a gap. */
export function smooth(values: ArrayLike<number>, window: number): Float64Array {
  const result = new Float64Array(values.length).fill(NaN),
    recent: number[] = [];
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === unmeasured) result[i] = unmeasured;
    if (!Number.isFinite(values[i])) continue;
    recent.push(values[i]!);
    sum += values[i]!;
    if (recent.length > window) sum -= recent.shift()!;
    result[i] = sum / recent.length;
  }
  return result;
}
