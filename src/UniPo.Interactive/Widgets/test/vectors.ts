import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../src/core/batch.js';
import type { ObjectiveSpec } from '../src/core/spec.js';

/* eslint-disable-next-line: golden files are free-form JSON */
export type Json = any;

/** A padded batch of the golden files. */
export interface Golden {
  readonly name: string;
  readonly B: number;
  readonly T: number;
  readonly [field: string]: Json;
}

export const folder = process.env.UNIPO_GOLDEN ?? join(process.cwd(), '..', '..', '..', 'data', 'golden');
export const load = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8'));
export const batches = new Map<string, Golden>(load('batches.json').cases.map((b: Golden) => [b.name, b]));

export const rowsOf = (batch: Golden, rows?: number[]): number[] => rows ?? Array.from({ length: batch.B }, (_, i) => i);

/** The padded batch as a flat one: every row keeps its full width, padding is masked. */
export function flat(golden: Golden, rows?: number[] | null, mask = 'mask'): Batch {
  const pick = rowsOf(golden, rows ?? undefined);
  const column = (field: string): number[] => pick.flatMap(i => golden[field][i] as number[]);
  const groups: number[] = [0];
  pick.forEach((row, k) => {
    if (k > 0 && golden.group[row] !== golden.group[pick[k - 1]!]) groups.push(k);
  });
  groups.push(pick.length);
  return {
    rowStarts: Array.from({ length: pick.length + 1 }, (_, k) => k * golden.T),
    groupStarts: groups,
    mask: column(mask),
    logProbs: column('log_probs'),
    oldLogProbs: column('old_log_probs'),
    referenceLogProbs: column('ref_log_probs'),
    oldValues: column('values'),
    entropies: column('entropies'),
    rewards: pick.map(i => golden.rewards[i]),
  };
}

/** [B·T] advantages given a response (or a token) at a time. */
export const broadcast = (golden: Golden, advantages: Json, rows?: number[] | null): number[] =>
  rowsOf(golden, rows ?? undefined).flatMap(row => {
    const value = advantages[row];
    return Array.isArray(value) ? value : new Array(golden.T).fill(value);
  });

export const given = { kind: 'given' } as const;
export const objective = (parts: Partial<ObjectiveSpec>): ObjectiveSpec => ({
  name: 'golden',
  advantage: given,
  ratio: { level: 'token' },
  region: { kind: 'none' },
  aggregation: { kind: 'token-mean' },
  ...parts,
});

/** What was compared, what failed, and what was left out with its reason. */
export class Tally {
  readonly files: Record<string, { cases: number; compared: number; omitted: number }> = {};
  readonly omitted: Record<string, number> = {};
  readonly failures: string[] = [];
  private file = '';

  begin(file: string): void {
    this.files[(this.file = file)] = { cases: 0, compared: 0, omitted: 0 };
  }
  omit(reason: string): void {
    const entry = this.files[this.file]!;
    entry.cases++;
    entry.omitted++;
    this.omitted[reason] = (this.omitted[reason] ?? 0) + 1;
  }
  compare(what: string, pairs: [string, ArrayLike<number> | number, Json][], tolerance = 1e-9): void {
    const entry = this.files[this.file]!;
    entry.cases++;
    entry.compared++;
    for (const [name, got, want] of pairs) {
      const actual = typeof got === 'number' ? [got] : Array.from(got),
        expected: number[] = Array.isArray(want) ? want.flat() : [want];
      let scale = 1e-3,
        worst = actual.length === expected.length ? 0 : Infinity;
      for (const x of expected) scale = Math.max(scale, Math.abs(x));
      expected.forEach((x, i) => {
        const gap = Math.abs(actual[i]! - x) / Math.max(Math.abs(x), scale * 1e-3);
        worst = gap <= worst ? worst : gap;
      });
      if (!(worst <= tolerance)) this.failures.push(`${this.file}: ${what}: ${name} off by ${worst.toExponential(2)}`);
    }
  }
}
