import { need } from './advantage.js';
import { rowSums, type Batch, type Shape } from './batch.js';
import type { ObjectiveSpec, PreferenceSpec } from './spec.js';

/** A pair of responses to one prompt, and how much further the policy has moved towards the preferred one. */
export interface Pair { readonly chosen: number; readonly rejected: number; readonly margin: number }

/** J and [B] the weight of each response's tokens: every token of a response gets the same. */
export function preferences(spec: ObjectiveSpec, batch: Batch, shape: Shape): { readonly objective: number; readonly weights: Float64Array; readonly pairs: Pair[] } {
  const loss = spec.preference!, reference = need(batch.referenceLogProbs, spec, 'reference log-probabilities'), weights = new Float64Array(shape.lengths.length);
  const moved = rowSums(batch, shape, batch.moved, t => batch.logProbs[t]! - reference[t]!);
  const each = (i: number): number => loss.perToken ? Math.max(shape.lengths[i]!, 1) : 1;
  const pairs = pair(loss, batch, shape).map(([chosen, rejected]) => ({ chosen, rejected, margin: moved[chosen]! / each(chosen) - moved[rejected]! / each(rejected) }));
  let objective = 0;
  for (const { chosen, rejected, margin } of pairs) {
    const [cost, slope] = price(loss, margin);
    objective -= cost / pairs.length;
    weights[chosen]! -= slope / pairs.length / each(chosen);
    weights[rejected]! += slope / pairs.length / each(rejected);
  }
  return { objective, weights, pairs };
}

/** The best against the worst of each group, of equals the first; or every response against every one with less reward. */
function pair(loss: PreferenceSpec, batch: Batch, shape: Shape): [number, number][] {
  const { rewards } = batch, pairs: [number, number][] = [];
  for (let g = 0; g < shape.groups; g++) {
    const rows: number[] = [];
    for (let i = batch.groupStarts[g]!; i < batch.groupStarts[g + 1]!; i++) if (shape.lengths[i]! > 0) rows.push(i);
    const most = (sign: number): number => rows.reduce((a, b) => sign * (rewards[b]! - rewards[a]!) > 0 ? b : a);
    const [from, to] = loss.every || rows.length < 2 ? [rows, rows] : [[most(1)], [most(-1)]];
    for (const chosen of from) for (const rejected of to) if (rewards[chosen]! > rewards[rejected]!) pairs.push([chosen, rejected]);
  }
  return pairs;
}

/** What a pair costs, and the cost's slope with the margin. */
function price(loss: PreferenceSpec, margin: number): [number, number] {
  const { beta } = loss;
  if (loss.loss === 'ipo') { const miss = margin - 1 / (2 * beta); return [miss * miss, 2 * miss]; }
  const x = beta * margin, s = loss.smoothing ?? 0;
  return [-(1 - s) * logSigmoid(x) - s * logSigmoid(-x), beta * (s * Math.exp(logSigmoid(x)) - (1 - s) * Math.exp(logSigmoid(-x)))];
}

const logSigmoid = (x: number): number => Math.min(x, 0) - Math.log(1 + Math.exp(-Math.abs(x)));
