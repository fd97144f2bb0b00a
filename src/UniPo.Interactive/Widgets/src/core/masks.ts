import { equal } from './advantage.js';
import { isActive, measure, type Batch } from './batch.js';
import type { MaskSpec } from './spec.js';

/** The batch without the responses that an objective leaves out: their tokens are masked, and leave the counts, too. */
export function masked(spec: MaskSpec, batch: Batch): Batch {
  const { groupOf, lengths, rowIds, rows, tokens } = measure(batch), rewards = batch.rewards;
  const isIn = (response: number): boolean => {
    const from = batch.groupStarts[groupOf[response]!]!, to = batch.groupStarts[groupOf[response]! + 1]!, silent = equal(rewards, from, to);
    if (spec.truncated && batch.truncated?.[response] || spec.silent && silent || spec.least != null && rewards[response]! < spec.least) return false;
    if (!spec.best) return true;
    let best = from;
    for (let i = from; i < to; i++) if (rewards[i]! > rewards[best]!) best = i;
    return response === best && !(spec.best === 'unless-tied' && silent && to - from > 1);
  };
  const left = lengths.map((length, i) => isIn(i) ? length : 0);
  // What was left out before is no change: the counts of a larger rollout stay right.
  if (left.every((length, i) => length === lengths[i])) return batch;
  const mask = new Float64Array(tokens);
  for (let i = 0; i < rows; i++)
    if (isIn(rowIds[i]!)) for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++) mask[t] = isActive(batch, t) ? 1 : 0;
  return { ...batch, mask, lengths: left, totals: null };
}
