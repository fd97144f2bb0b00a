import { unpack, type Columns, type Packed } from '../dom/payload.js';

export interface MetricText {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly meaning: string;
}

/** What learning curves carry: the numbers of every metric, of one run or of several seeds. */
export interface RunPayload {
  readonly metrics: MetricText[];
  /** Keys that have a panel at first. */
  readonly shown: string[];
  readonly series: (Packed & { readonly label: string; readonly seeds: number; readonly steps: (number | 'to')[] })[];
  readonly window: number;
  /** Steps that start with fresh responses, where not every step does. */
  readonly rollouts?: number[];
  /** Number of colour, dashes and marker of each line, as C# chose them. */
  readonly looks?: number[];
  /** Steps at which something was not as it should be. */
  readonly warnings?: number[];
  /** Steps whose tokens are kept, in an explorer. */
  readonly kept?: number[];
  /** The step that is open at first, in an explorer. */
  readonly selected?: number | null;
}

/** One line of a panel. */
export interface Line {
  readonly label: string;
  readonly steps: Float64Array;
  readonly mean: Float64Array;
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
}

/** A number of a line; NaN where there is none. */
export const valueAt = (line: Line, index: number): number => (Number.isFinite(line.mean[index]) ? line.mean[index]! : NaN);

/** The curves of a run or of several, unpacked. */
export class RunModel {
  private readonly columns: Columns[];
  private readonly stepsOf: Float64Array[];
  readonly firstStep: number;
  readonly lastStep: number;

  constructor(readonly data: RunPayload) {
    this.columns = data.series.map(series => unpack(series));
    this.stepsOf = data.series.map(series => spell(series.steps));
    const ends = this.stepsOf.flatMap(s => (s.length ? [s[0]!, s[s.length - 1]!] : []));
    this.firstStep = Math.min(...ends);
    this.lastStep = Math.max(...ends);
  }

  look(series: number): number {
    return this.data.looks?.[series] ?? series % 8;
  }

  metric(key: string): MetricText {
    return this.data.metrics.find(m => m.key === key)!;
  }

  lines(key: string): Line[] {
    return this.data.series.map((series, i) => {
      const c = this.columns[i]!,
        steps = this.stepsOf[i]!;
      const mean = c[key] ?? new Float64Array(steps.length).fill(NaN),
        half = c[key + '.half'];
      const low = half ? mean.map((m, i) => m - half[i]!) : (c[key + '.low'] ?? null),
        high = half ? mean.map((m, i) => m + half[i]!) : (c[key + '.high'] ?? null);
      return { label: series.label, steps, mean, low, high };
    });
  }

  /** All steps of all series, ascending. */
  get steps(): number[] {
    return [...new Set(this.stepsOf.flatMap(s => Array.from(s)))].sort((a, b) => a - b);
  }
}

/** [N] step numbers; neighbours are written as first, "to", last. */
function spell(steps: readonly (number | 'to')[]): Float64Array {
  if (steps[1] !== 'to') return Float64Array.from(steps as number[]);
  const first = steps[0] as number;
  return Float64Array.from({ length: (steps[2] as number) - first + 1 }, (_, i) => first + i);
}

/** Index of the step that is nearest to a number. */
export function nearest(steps: ArrayLike<number>, step: number): number {
  let low = 0,
    high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < step) low = middle + 1;
    else high = middle;
  }
  return low > 0 && step - steps[low - 1]! <= steps[low]! - step ? low - 1 : low;
}
