import { readFileSync } from 'node:fs';
import type { Batch } from '../src/core/batch.js';
import { evaluate } from '../src/core/objective.js';
import type { ObjectiveSpec } from '../src/core/spec.js';

/** A batch and what C# says about it under an objective. */
interface Case {
  readonly name: string;
  readonly batch: Batch;
  readonly objective: ObjectiveSpec;
  readonly value: number;
  readonly columns: Record<string, number[] | null>;
}

const failures: string[] = [];
let numbers = 0;

function compare(name: string, got: ArrayLike<number> | null, want: ArrayLike<number> | null): void {
  // Where C# has no such column, nothing here depends on a token: A is 1 for all that are imitated, and pairs have none.
  if (!want) {
    if (got && !Array.from(got).every(x => Number.isNaN(x) || x === 0 || x === 1))
      failures.push(`${name}: C# has no such column`);
    return;
  }
  if (!got) {
    failures.push(`${name}: missing`);
    return;
  }
  // A sum that cancels to 0 is only exact to the size of what it adds up.
  let scale = 1e-3;
  for (let i = 0; i < want.length; i++) scale = Math.max(scale, Math.abs(want[i]!));
  for (let i = 0; i < want.length; i++) {
    numbers++;
    const gap = Math.abs(got[i]! - want[i]!);
    if (!(gap <= 1e-9 * Math.max(Math.abs(want[i]!), scale * 1e-2))) {
      failures.push(`${name}[${i}]: ${got[i]} instead of ${want[i]}`);
      return;
    }
  }
}

const cases: Case[] = JSON.parse(readFileSync(0, 'utf8'));
for (const c of cases) {
  const result = evaluate(c.objective, c.batch);
  compare(`${c.name} J`, [result.objective], [c.value]);
  compare(`${c.name} weight`, result.weight, c.columns['weight']!);
  compare(`${c.name} advantage`, result.advantage, c.columns['advantage']!);
  compare(`${c.name} term`, result.tokenObjective, c.columns['term']!);
  compare(`${c.name} aggregation`, result.aggregation, c.columns['aggregation']!);
  compare(`${c.name} KL`, result.kl, c.columns['kl'] ?? null);
  compare(`${c.name} side`, result.clipped, c.columns['side'] ?? null);
}
console.log(JSON.stringify({ cases: cases.length, numbers, failures }));
