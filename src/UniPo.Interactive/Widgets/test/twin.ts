import { readFileSync } from 'node:fs';
import type { Batch } from '../src/core/batch.js';
import { evaluate } from '../src/core/objective.js';
import type { ObjectiveSpec } from '../src/core/spec.js';

/** A batch and what C# says about it under an objective. */
interface Case {
  readonly name: string;
  readonly batch: number;
  readonly objective: ObjectiveSpec;
  readonly value: number;
  readonly totals?: Batch['totals'];
  readonly columns: Record<string, (number | null)[] | null>;
}

const failures: string[] = [],
  worst: Record<string, number> = {};
let numbers = 0;

function compare(name: string, what: string, got: ArrayLike<number> | null, want: (number | null)[] | null, least = 1e-3): void {
  if (!want) return; // where C# has no such column, nothing is said of a token
  if (!got) {
    failures.push(`${name} ${what}: missing`);
    return;
  }
  // A sum that cancels is only exact to the size of what it adds up.
  const scale = want.reduce<number>((m, x) => Math.max(m, Math.abs(x ?? 0)), least);
  want.forEach((x, i) => {
    if (x === null) return; // a masked token
    numbers++;
    const gap = Math.abs(got[i]! - x) / Math.max(Math.abs(x), scale * 1e-2);
    worst[what] = Math.max(worst[what] ?? 0, gap);
    if (!(gap <= 1e-12) && failures.length < 40) failures.push(`${name} ${what}[${i}]: ${got[i]} instead of ${x}`);
  });
}

const { batches, cases } = JSON.parse(readFileSync(0, 'utf8')) as { batches: Batch[]; cases: Case[] };
for (const c of cases) {
  try {
    const result = evaluate(c.objective, { ...batches[c.batch]!, totals: c.totals ?? null });
    compare(c.name, 'J', [result.objective], [c.value], 100 * result.weight.reduce((sum, w) => sum + Math.abs(w), 1e-3));
    for (const [what, got] of Object.entries({
      weight: result.weight,
      advantage: result.advantage,
      ratio: result.ratio,
      term: result.tokenObjective,
      aggregation: result.aggregation,
      kl: result.kl,
      side: result.clipped,
    }))
      compare(c.name, what, got, c.columns[what] ?? null);
  } catch (error) {
    failures.push(`${c.name}: ${error}`);
  }
}
console.log(JSON.stringify({ cases: cases.length, numbers, worst, failures }));
