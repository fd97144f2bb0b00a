import type { Batch } from '../core/batch.js';
import { Side } from '../core/columns.js';
import { evaluate, type Evaluation } from '../core/objective.js';
import type { ObjectiveSpec } from '../core/spec.js';
import { batchOf, unpack, unpackText, type Columns, type TokenPayload } from '../dom/payload.js';
import { Colouring, type Colour } from './colouring.js';

/** The tokens of a view with every number that is known of them, under the objective that is chosen. */
export class TokenModel {
  readonly batch: Batch;
  /** The objective as it was in C#; null when it cannot be recomputed or there is none. */
  readonly original: Evaluation | null;
  evaluation: Evaluation | null;

  constructor(
    readonly data: TokenPayload,
    private readonly columns: Columns = unpack(data),
  ) {
    this.batch = batchOf(data, columns);
    this.original = this.evaluation = data.objective
      ? this.evaluate({ spec: unpackText<ObjectiveSpec>(data.objective), settings: {} })
      : null;
  }

  get tokens(): number {
    return this.data.tokens;
  }
  get rows(): number {
    return this.data.rowIds.length;
  }

  evaluate({
    spec,
    settings,
  }: {
    readonly spec: ObjectiveSpec;
    readonly settings: Readonly<Record<string, number>>;
  }): Evaluation {
    return evaluate(spec, this.batch, settings);
  }

  /** [ΣT] the numbers behind a colour; null when they were not measured. */
  column(colour: Colour, evaluation: Evaluation | null = this.evaluation): ArrayLike<number> | null {
    const raw = this.columns,
      log = this.batch.logProbs;
    switch (colour) {
      case 'weight':
        return evaluation?.weight ?? raw['weight'] ?? null;
      case 'objective':
        return evaluation?.tokenObjective ?? raw['objective'] ?? null;
      case 'advantage':
        return evaluation?.advantage ?? raw['advantage'] ?? null;
      case 'logProb':
        return log;
      case 'probability':
        return map(log, Math.exp);
      case 'ratio':
        return evaluation?.ratio ?? raw['ratio'] ?? map(log, (l, t) => Math.exp(l - this.batch.oldLogProbs[t]!));
      case 'kl': {
        const reference = this.batch.referenceLogProbs;
        return (
          evaluation?.kl ??
          raw['kl'] ??
          (reference ? map(log, (l, t) => Math.exp(reference[t]! - l) - (reference[t]! - l) - 1) : null)
        );
      }
      case 'entropy':
        return raw['entropy'] ?? null;
      case 'value':
        return raw['value'] ?? null;
    }
  }

  isActive(token: number): boolean {
    const mask = this.evaluation ? this.evaluation.batch.mask : this.batch.mask;
    return !mask || mask[token] !== 0;
  }

  side(token: number, evaluation: Evaluation | null = this.evaluation): Side {
    return (evaluation?.clipped?.[token] as Side | undefined) ?? this.columns['clipped']?.[token] ?? Side.None;
  }

  /** Index of the shown response that a token belongs to. */
  rowOf(token: number): number {
    let low = 0,
      high = this.rows - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.data.rowStarts[middle]! <= token) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  groupOf(row: number): number {
    const response = this.data.rowIds[row]!;
    let group = 0;
    while (this.data.groupStarts[group + 1]! <= response) group++;
    return group;
  }

  symbol(token: number): string {
    return this.data.symbols[parseInt(this.data.ids[token] as string, this.data.symbols.length > 36 ? 10 : 36)] ?? '';
  }

  /** The colouring of a column; without a limit its largest number gets the full colour. */
  colouring(colour: Colour, range = 'this step', limit?: number | null): Colouring {
    return new Colouring(
      colour,
      limit ?? this.data.limits?.[colour] ?? Colouring.largest(colour, this.column(colour) ?? []),
      range,
    );
  }

  label(token: number, colouring: Colouring, column: ArrayLike<number>): string {
    if (!this.isActive(token)) return 'masked';
    const side = this.side(token);
    return colouring.label(column[token]!) + ['', '↧', '↥', '×'][side]!;
  }

  /** Share of a shown response's tokens on which a bound bites. */
  clippedShare(row: number): number {
    const from = this.data.rowStarts[row]!,
      to = this.data.rowStarts[row + 1]!;
    let clipped = 0,
      active = 0;
    for (let t = from; t < to; t++) {
      if (!this.isActive(t)) continue;
      active++;
      if (this.side(t) !== Side.None) clipped++;
    }
    return active ? clipped / active : 0;
  }
}

function map(column: ArrayLike<number>, f: (value: number, token: number) => number): Float64Array {
  const result = new Float64Array(column.length);
  for (let t = 0; t < column.length; t++) result[t] = f(column[t]!, t);
  return result;
}
