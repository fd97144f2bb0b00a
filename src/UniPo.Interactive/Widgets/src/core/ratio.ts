import { isActive, type Batch, type Shape } from './batch.js';
import type { RatioSpec } from './spec.js';

/** [ΣT] log of the ratio that each token uses; a sequence's tokens share one. Clamped where the objective says so. */
export function logRatios(spec: RatioSpec, batch: Batch, shape: Shape): Float64Array {
  const logs = new Float64Array(shape.tokens);
  if (spec.level === 'none' || spec.onPolicy) return logs;
  for (let i = 0; i < shape.rows; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!;
    if (spec.level === 'token') {
      for (let t = from; t < to; t++) logs[t] = bound(spec, batch.logProbs[t]! - batch.oldLogProbs[t]!);
      continue;
    }
    logs.fill(bound(spec, sequenceLog(spec, batch, shape, i)), from, to);
  }
  return logs;
}

function sequenceLog(spec: RatioSpec, batch: Batch, shape: Shape, row: number): number {
  let sum = batch.hiddenLogRatio?.[row] ?? 0;
  for (let t = batch.rowStarts[row]!; t < batch.rowStarts[row + 1]!; t++)
    if (isActive(batch, t)) sum += batch.logProbs[t]! - batch.oldLogProbs[t]!;
  return spec.level === 'sequence-product' ? sum : sum / Math.max(shape.activeInRow[row]!, 1);
}

/** Beyond this many nats no ratio is computed: e^600 is still a finite number. */
const limit = 600;

function bound(spec: RatioSpec, log: number): number {
  const edge = spec.logClamp ?? limit;
  return Math.max(spec.level === 'sequence-token' ? -limit : -edge, Math.min(edge, log));
}

/** True where the clamp acts, so that the ratio no longer depends on log π. */
export const isClamped = (spec: RatioSpec, log: number): boolean => 
  log >= (spec.logClamp ?? limit) || log <= -(spec.level === 'sequence-token' ? limit : spec.logClamp ?? limit);
