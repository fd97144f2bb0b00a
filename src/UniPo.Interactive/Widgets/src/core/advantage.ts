import { isActive, rowSums, type Batch, type Shape } from './batch.js';
import { estimate } from './kl.js';
import { generalisedAdvantage, rewardToGo } from './returns.js';
import type { AdvantageSpec, ObjectiveSpec, WhitenSpec } from './spec.js';

/** [ΣT] advantage of every token; 0 where the token does not count. */
export function advantages(spec: ObjectiveSpec, batch: Batch, shape: Shape, given?: ArrayLike<number> | null): Float64Array {
  const a = spec.advantage;
  const column = new Float64Array(shape.tokens);
  if (a.kind === 'given') {
    if (!given) throw new RangeError(`${spec.name} needs the advantages themselves, but the data holds none.`);
    for (let t = 0; t < shape.tokens; t++) column[t] = isActive(batch, t) ? given[t]! : 0;
    return column;
  }
  if (a.kind === 'one') column.fill(1);
  else if (a.kind === 'gae') generalisedAdvantage(a, batch, shape, tokenRewards(spec, batch, shape), column);
  else if (a.kind === 'return') rewardToGo(a, batch, shape, tokenRewards(spec, batch, shape), column);
  else spread(outcome(spec, batch, shape), batch, shape, column);
  if (batch.mask) for (let t = 0; t < shape.tokens; t++) if (batch.mask[t] === 0) column[t] = 0;
  if (a.whiten) whiten(a.whiten, batch, shape, column);
  return column;
}

/** [B] the advantage of each response, before it is spread over its tokens. */
export function outcome(spec: ObjectiveSpec, batch: Batch, shape: Shape): Float64Array {
  const a = spec.advantage, rewards = shaped(spec, batch, shape), result = new Float64Array(rewards.length);
  const batchStd = a.scale === 'batch-std' ? deviation(rewards, 0, rewards.length, a.ddof ?? 1) : 0;
  const batchMean = a.baseline === 'batch-mean' ? mean(rewards, 0, rewards.length) : 0;
  for (let g = 0; g < shape.totals.groups; g++) {
    const from = batch.groupStarts[g]!, to = batch.groupStarts[g + 1]!;
    const compares = a.baseline === 'group-mean' || a.baseline === 'leave-one-out' || a.baseline === 'length-weighted';
    // Equal rewards give exactly 0: rounding in the mean must not turn a silent group into a whispering one.
    if (compares && to - from > 1 && equal(rewards, from, to)) continue;
    const alone = compares && to - from === 1;
    if (alone && a.single === 'zero') continue;
    const spreadOf = a.scale === 'group-std' ? (alone ? 1 : deviation(rewards, from, to, a.ddof ?? 1)) : batchStd;
    const scale = (a.scale ?? 'none') === 'none' ? 1 : spreadOf + (a.epsilon ?? 0);
    for (let i = from; i < to; i++) {
      const gap = rewards[i]! - (alone ? 0 : baseline(a, batch, shape, rewards, g, i, batchMean));
      result[i] = gap === 0 ? 0 : gap / scale;
    }
  }
  if (a.correctZeros) {
    const nonZero = rewards.reduce((n, r) => n + (r !== 0 ? 1 : 0), 0);
    for (let i = 0; i < result.length; i++) result[i]! *= result.length / Math.max(nonZero, 1);
  }
  return result;
}

function baseline(a: AdvantageSpec, batch: Batch, shape: Shape, rewards: Float64Array, group: number, response: number, batchMean: number): number {
  const from = batch.groupStarts[group]!, to = batch.groupStarts[group + 1]!;
  switch (a.baseline) {
    case 'group-mean': return mean(rewards, from, to);
    case 'batch-mean': return batchMean;
    case 'leave-one-out': return (mean(rewards, from, to) * (to - from) - rewards[response]!) / (to - from - 1);
    case 'greedy': return greedy(batch, group);
    case 'length-weighted': {
      let weighted = 0, length = 0;
      for (let i = from; i < to; i++) { weighted += rewards[i]! * shape.lengths[i]!; length += shape.lengths[i]!; }
      return length > 0 ? weighted / length : 0;
    }
    default: return a.constant ?? 0;
  }
}

/** [B] rewards with the KL to the reference subtracted, where the objective asks for it. */
function shaped(spec: ObjectiveSpec, batch: Batch, shape: Shape): Float64Array {
  const rewards = Float64Array.from(spec.advantage.rubric ? need(batch.rubrics?.[spec.advantage.rubric], spec, 'a rubric') : batch.rewards), kl = spec.rewardKl;
  if (!kl || kl.beta === 0) return rewards;
  const reference = need(batch.referenceLogProbs, spec, 'reference log-probabilities');
  const penalties = rowSums(batch, shape, batch.penalties, t => estimate(kl.estimator, batch.oldLogProbs[t]! - reference[t]!));
  return rewards.map((r, i) => r - kl.beta * penalties[i]!);
}

/** [ΣT] reward per token: given ones, or the outcome on the last token that counts; the KL penalty subtracted. */
export function tokenRewards(spec: ObjectiveSpec, batch: Batch, shape: Shape): Float64Array {
  const rewards = batch.tokenRewards ? Float64Array.from(batch.tokenRewards) : new Float64Array(shape.tokens);
  if (!batch.tokenRewards)
    for (let i = 0; i < shape.rows; i++) {
      let last = batch.rowStarts[i + 1]! - 1;
      while (last >= batch.rowStarts[i]! && !isActive(batch, last)) last--;
      if (last >= batch.rowStarts[i]!) rewards[last]! += batch.rewards[shape.rowIds[i]!]!;
    }
  const kl = spec.rewardKl;
  if (kl && kl.beta !== 0) {
    const reference = need(batch.referenceLogProbs, spec, 'reference log-probabilities');
    for (let t = 0; t < shape.tokens; t++)
      if (isActive(batch, t)) rewards[t]! -= kl.beta * estimate(kl.estimator, batch.oldLogProbs[t]! - reference[t]!);
  }
  return rewards;
}

/** Makes the tokens that count have mean 0 and variance 1. */
export function whiten(spec: WhitenSpec, batch: Batch, shape: Shape, column: Float64Array): void {
  const extra = spec.countEpsilon ?? 0, n = shape.activeTokens;
  let sum = 0, squares = 0;
  for (let t = 0; t < column.length; t++) if (isActive(batch, t)) sum += column[t]!;
  const centre = sum / (n + extra);
  for (let t = 0; t < column.length; t++) if (isActive(batch, t)) squares += (column[t]! - centre) ** 2;
  let variance = squares / (n + extra);
  if (spec.ddof === 1) variance = n > 1 ? variance * n / (n - 1) : 0;
  const scale = spec.placement === 'add' ? 1 / (Math.sqrt(variance) + spec.epsilon)
    : spec.placement === 'floor' ? 1 / Math.sqrt(Math.max(variance, spec.epsilon)) : 1 / Math.sqrt(variance + spec.epsilon);
  for (let t = 0; t < column.length; t++) column[t] = isActive(batch, t) ? (column[t]! - centre) * scale : 0;
}

function spread(perRow: Float64Array, batch: Batch, shape: Shape, column: Float64Array): void {
  for (let i = 0; i < shape.rows; i++) column.fill(perRow[shape.rowIds[i]!]!, batch.rowStarts[i]!, batch.rowStarts[i + 1]!);
}

const greedy = (batch: Batch, group: number): number => {
  if (!batch.greedyRewards) throw new RangeError('The greedy baseline needs the reward of the greedy response to each prompt, but the data holds none.');
  return batch.greedyRewards[group]!;
};

export function need(column: ArrayLike<number> | null | undefined, spec: ObjectiveSpec, what: string): ArrayLike<number> {
  if (!column) throw new RangeError(`${spec.name} needs ${what}, but the data holds none.`);
  return column;
}

export function equal(values: ArrayLike<number>, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] !== values[from]) return false;
  return true;
}

export function mean(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

export function deviation(values: ArrayLike<number>, from: number, to: number, ddof: number): number {
  if (to - from <= ddof) return 0;
  const centre = mean(values, from, to);
  let squares = 0;
  for (let i = from; i < to; i++) squares += (values[i]! - centre) ** 2;
  return Math.sqrt(squares / (to - from - ddof));
}
