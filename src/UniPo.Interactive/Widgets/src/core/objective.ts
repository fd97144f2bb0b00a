import { advantages, need, tokenRewards } from './advantage.js';
import { rowFactors } from './aggregation.js';
import { isActive, measure, type Batch, type Shape } from './batch.js';
import { revise } from './covariance.js';
import { estimate, klTerm } from './kl.js';
import { masked } from './masks.js';
import { preferences, type Pair } from './preference.js';
import { isClamped, logRatios } from './ratio.js';
import { generalisedAdvantage } from './returns.js';
import { Side, term, type Branch, type Term } from './region.js';
import type { ObjectiveSpec, RegionSpec } from './spec.js';

/** Every algorithm's answer to the same question: how hard is each token's log-probability pushed, and why? */
export interface Evaluation {
  readonly spec: ObjectiveSpec;
  /** J, KL penalty and entropy bonus included. */
  readonly objective: number;
  /** [ΣT] ∂J/∂log π. */
  readonly weight: Float64Array;
  readonly advantage: Float64Array;
  /** [ΣT] the ratio in use; null where there is none. */
  readonly ratio: Float64Array | null;
  /** [ΣT] Side per token; null where there is no trust region. */
  readonly clipped: Uint8Array | null;
  /** [ΣT] KL penalty before its coefficient; null where there is none. */
  readonly kl: Float64Array | null;
  /** [ΣT] the token's term before aggregation, KL penalty included. */
  readonly tokenObjective: Float64Array;
  /** [ΣT] the factor of aggregation. */
  readonly aggregation: Float64Array;
  readonly branch: Branch[];
  /** [ΣT] the mask, with what this objective leaves out; absent when all tokens count. */
  readonly mask: ArrayLike<number> | null;
  /** The pairs of a preference objective. */
  readonly pairs: readonly Pair[];
  readonly activeTokens: number;
  readonly clipFraction: number;
  readonly withoutGradient: number;
}

export type Columns = { -readonly [K in keyof Evaluation]: Evaluation[K] };

/** Evaluates an objective on a batch; `given` replaces the advantages where the objective takes them as they are. */
export function evaluate(spec: ObjectiveSpec, all: Batch, given?: ArrayLike<number> | null): Evaluation {
  const batch = spec.masks ? masked(spec.masks, all) : all, shape = measure(batch), unknown = spec.preference ? NaN : 0;
  const result: Columns = {
    spec, objective: 0, mask: batch.mask ?? null, pairs: [],
    weight: new Float64Array(shape.tokens),
    advantage: spec.preference ? new Float64Array(shape.tokens).fill(NaN) : advantages(spec, batch, shape, given),
    ratio: spec.ratio.level === 'none' ? null : new Float64Array(shape.tokens),
    clipped: spec.region.kind === 'none' && !spec.covariance ? null : new Uint8Array(shape.tokens),
    kl: spec.kl ? new Float64Array(shape.tokens) : rewardPenalty(spec, batch, shape),
    tokenObjective: new Float64Array(shape.tokens).fill(unknown),
    aggregation: new Float64Array(shape.tokens).fill(unknown),
    branch: new Array<Branch>(shape.tokens).fill('masked'),
    activeTokens: shape.activeTokens, clipFraction: 0, withoutGradient: 0,
  };
  if (spec.preference) return compare(spec, batch, shape, result);
  const factors = rowFactors(spec.aggregation, shape);
  if (spec.region.kind === 'gmpo') geometric(spec.region, batch, shape, factors, result);
  else terms(spec, batch, shape, factors, result);
  if (spec.covariance) revise(spec.covariance, batch, shape, result);
  if (spec.kl) penalise(spec, batch, shape, factors, result);
  if (spec.entropy) bonus(spec, batch, shape, factors, result);
  if (spec.value) result.objective -= criticLoss(spec, batch, shape, factors);
  summarise(batch, result);
  return result;
}

/** Pairs of responses: no token has a term of its own, and all tokens of a response get the same weight. */
function compare(spec: ObjectiveSpec, batch: Batch, shape: Shape, into: Columns): Evaluation {
  const { objective, weights, pairs } = preferences(spec, batch, shape);
  into.objective = objective;
  into.pairs = pairs;
  for (let i = 0; i < shape.rows; i++)
    for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++) if (isActive(batch, t)) { into.weight[t] = weights[shape.rowIds[i]!]!; into.branch[t] = 'free'; }
  summarise(batch, into);
  return into;
}

/** The KL that the reward has lost, where the penalty is there: estimated once, when the response was sampled. */
function rewardPenalty(spec: ObjectiveSpec, batch: Batch, shape: Shape): Float64Array | null {
  const kl = spec.rewardKl;
  if (!kl || kl.beta === 0) return null;
  const reference = need(batch.referenceLogProbs, spec, 'reference log-probabilities');
  return Float64Array.from({ length: shape.tokens }, (_, t) => isActive(batch, t) ? estimate(kl.estimator, batch.oldLogProbs[t]! - reference[t]!) : 0);
}

/** Policy term of every region that works on one ratio at a time. */
function terms(spec: ObjectiveSpec, batch: Batch, shape: Shape, factors: Float64Array, into: Columns): void {
  const level = spec.ratio.level, logs = logRatios(spec.ratio, batch, shape);
  const each: Term = { value: 0, slope: 0, side: Side.None, branch: 'free' };
  const perSequence = level.startsWith('sequence');
  for (let i = 0; i < shape.rows; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!, factor = factors[i]!;
    let shared = 0, here = 0;
    for (let t = from; t < to; t++) {
      if (!isActive(batch, t)) continue;
      here++;
      const ratio = level === 'none' ? 1 : Math.exp(logs[t]!);
      term(spec.region, level === 'none' ? 'none' : 'ratio', ratio, into.advantage[t]!, batch.logProbs[t]!, each);
      if (into.ratio) into.ratio[t] = ratio;
      if (into.clipped) into.clipped[t] = each.side;
      into.tokenObjective[t] = each.value;
      into.aggregation[t] = factor;
      into.branch[t] = each.branch;
      into.objective += factor * each.value;
      if (each.slope === 0) continue;
      if (level !== 'none' && spec.region.kind !== 'cispo' && isClamped(spec.ratio, logs[t]!)) continue;
      // A sequence's ratio moves with every token of it: the gradient is shared; with GSPO-token each token keeps its own.
      if (perSequence && level !== 'sequence-token' && spec.region.kind !== 'cispo') shared += factor * each.slope;
      else into.weight[t] = factor * each.slope;
    }
    if (shared === 0) continue;
    // Tokens that are cut off share the response's ratio and advantage, so they add what those here add on average.
    const share = level === 'sequence-mean' ? shared / here : shared * shape.activeInRow[i]! / here;
    for (let t = from; t < to; t++) if (isActive(batch, t)) into.weight[t] = share;
  }
}

/** GMPO: the geometric mean of a response's ratios, each clipped in log units before the mean. */
function geometric(region: Extract<RegionSpec, { kind: 'gmpo' }>, batch: Batch, shape: Shape, factors: Float64Array, into: Columns): void {
  for (let i = 0; i < shape.rows; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!, n = shape.activeInRow[i]!;
    if (n === 0) continue;
    let sum = 0, total = 0;
    for (let t = from; t < to; t++) {
      if (!isActive(batch, t)) continue;
      const d = batch.logProbs[t]! - batch.oldLogProbs[t]!, a = into.advantage[t]!;
      const bounded = Math.max(-region.low, Math.min(region.high, d));
      const taken = a > 0 ? Math.min(d, bounded) : a < 0 ? Math.max(d, bounded) : d;
      sum += taken;
      total += a;
      into.clipped![t] = taken === d ? Side.None : d > 0 ? Side.High : Side.Low;
    }
    const length = n + (region.lengthEpsilon ?? 0);
    const ratio = Math.exp(sum / length), advantage = total / length, factor = factors[i]!;
    into.objective += factor * n * ratio * advantage;
    for (let t = from; t < to; t++) {
      if (!isActive(batch, t)) continue;
      if (into.ratio) into.ratio[t] = ratio;
      into.tokenObjective[t] = ratio * advantage;
      into.aggregation[t] = factor;
      into.branch[t] = into.clipped![t] === Side.None ? 'geometric' : 'clipped';
      into.weight[t] = into.clipped![t] === Side.None ? factor * ratio * advantage * n / length : 0;
    }
  }
}

function penalise(spec: ObjectiveSpec, batch: Batch, shape: Shape, factors: Float64Array, into: Columns): void {
  const kl = spec.kl!, reference = need(batch.referenceLogProbs, spec, 'reference log-probabilities');
  const own = kl.aggregation ? rowFactors(kl.aggregation, shape) : factors;
  const each = { value: 0, slope: 0 };
  for (let i = 0; i < shape.rows; i++)
    for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++) {
      if (!isActive(batch, t)) continue;
      klTerm(kl, batch.logProbs[t]! - reference[t]!, each);
      if (kl.timesRatio) {
        const ratio = Math.exp(batch.logProbs[t]! - batch.oldLogProbs[t]!);
        each.slope = ratio * (each.slope + each.value);
        each.value *= ratio;
      }
      into.kl![t] = each.value;
      // A penalty with an aggregation of its own is no part of the token's term; it is subtracted beside it.
      if (!kl.aggregation) into.tokenObjective[t]! -= kl.beta * each.value;
      into.objective -= own[i]! * kl.beta * each.value;
      into.weight[t]! -= own[i]! * kl.beta * each.slope;
    }
}

/** The bonus adds to J; its gradient goes through the entropy, not through the sampled token's log-probability. */
function bonus(spec: ObjectiveSpec, batch: Batch, shape: Shape, factors: Float64Array, into: Columns): void {
  const entropies = need(batch.entropies, spec, 'entropies'), entropy = spec.entropy!;
  const own = entropy.aggregation ? rowFactors(entropy.aggregation, shape) : factors;
  for (let i = 0; i < shape.rows; i++)
    for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++)
      if (isActive(batch, t)) into.objective += own[i]! * entropy.coefficient * entropies[t]!;
}

/** What the critic's squared error takes from J. */
function criticLoss(spec: ObjectiveSpec, batch: Batch, shape: Shape, factors: Float64Array): number {
  const loss = spec.value!, own = loss.aggregation ? rowFactors(loss.aggregation, shape) : factors, raw = new Float64Array(shape.tokens);
  const old = need(batch.oldValues, spec, 'value estimates'), now = batch.values ?? old;
  generalisedAdvantage(spec.advantage, batch, shape, tokenRewards(spec, batch, shape), raw);
  let sum = 0;
  for (let i = 0; i < shape.rows; i++)
    for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++) {
      if (!isActive(batch, t)) continue;
      const target = raw[t]! + old[t]!, error = (now[t]! - target) ** 2;
      const held = loss.clip == null ? error : (Math.max(old[t]! - loss.clip, Math.min(old[t]! + loss.clip, now[t]!)) - target) ** 2;
      sum += own[i]! * loss.coefficient * Math.max(error, held) / 2;
    }
  return sum;
}

function summarise(batch: Batch, into: Columns): void {
  let clipped = 0, silent = 0;
  for (let t = 0; t < into.weight.length; t++) {
    if (!isActive(batch, t)) continue;
    if (into.clipped && into.clipped[t] !== Side.None) clipped++;
    if (into.weight[t] === 0) silent++;
  }
  const n = Math.max(into.activeTokens, 1);
  into.clipFraction = clipped / n;
  into.withoutGradient = silent / n;
}
