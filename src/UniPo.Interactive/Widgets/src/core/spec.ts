/** An objective as plain data: the same parts as in C#, each named by a word. */
export interface ObjectiveSpec {
  readonly name: string;
  readonly advantage: AdvantageSpec;
  readonly ratio: RatioSpec;
  readonly region: RegionSpec;
  readonly aggregation: AggregationSpec;
  readonly kl?: KlSpec | null;
  /** KL subtracted from the reward, before the baseline. */
  readonly rewardKl?: RewardKlSpec | null;
  readonly entropy?: EntropySpec | null;
  readonly value?: ValueSpec | null;
  /** Responses that are left out; absent for none. */
  readonly masks?: MaskSpec | null;
  /** Tokens that are chosen by a look at the whole batch. */
  readonly covariance?: CovarianceSpec | null;
  /** Learning from pairs: then advantage, ratio, region and aggregation play no part. */
  readonly preference?: PreferenceSpec | null;
}

/** Which responses an objective leaves out. */
export interface MaskSpec {
  /** Those that the length limit cut off (DAPO). */
  readonly truncated?: boolean;
  /** Those of groups whose rewards are all equal. */
  readonly silent?: boolean;
  /** Those with less reward (rejection sampling). */
  readonly least?: number | null;
  /** All but the best of each group; of groups that are tied nothing, or the first. */
  readonly best?: 'unless-tied' | 'first' | null;
}

/** Tokens whose log π and advantage are high together (Cui et al. 2025). */
export interface CovarianceSpec {
  /** Share of the active tokens. */
  readonly share: number;
  /** What each of them pays for a nat of distance from the old policy (KL-Cov); absent: they are taken out (Clip-Cov). */
  readonly price?: number | null;
  /** Clip-Cov draws among those with a covariance between these. */
  readonly above?: number;
  readonly below?: number;
  /** A 64-bit number as text. */
  readonly seed?: string;
}

/** What a pair of responses costs: the better one of each group against the worst one, or against all that are worse. */
export interface PreferenceSpec {
  readonly loss: 'dpo' | 'ipo';
  readonly beta: number;
  /** Share of labels taken to be wrong. */
  readonly smoothing?: number;
  /** Log-ratios are divided by their number of tokens. */
  readonly perToken?: boolean;
  readonly every?: boolean;
}

/** Squared error of the critic against GAE's targets; it moves the critic, not log π, but it is part of J. */
export interface ValueSpec {
  readonly coefficient: number;
  /** How far an estimate may move from its old value before its error stops counting less. */
  readonly clip?: number | null;
  readonly aggregation?: AggregationSpec | null;
}

export interface EntropySpec {
  readonly coefficient: number;
  /** Aggregation of the bonus where it differs from the policy term's. */
  readonly aggregation?: AggregationSpec | null;
}

export type Baseline = 'none' | 'group-mean' | 'batch-mean' | 'leave-one-out' | 'greedy' | 'length-weighted';
export type Scale = 'none' | 'group-std' | 'batch-std';

/** Whitening over all tokens that count: (x − mean)/√(variance + epsilon), or /(std + epsilon). */
export interface WhitenSpec {
  readonly ddof: 0 | 1;
  readonly epsilon: number;
  /** Where epsilon stands: inside the root, added to the standard deviation, or as a floor of the variance. */
  readonly placement?: 'root' | 'add' | 'floor';
  /** Added to the number of tokens in mean and variance (verl: 1e-8). */
  readonly countEpsilon?: number;
}

export interface AdvantageSpec {
  /** outcome: one number a response; return: reward-to-go; gae: from values; one: 1 on every token; given: from the caller. */
  readonly kind: 'outcome' | 'return' | 'gae' | 'one' | 'given';
  readonly baseline?: Baseline;
  /** A fixed baseline, for baseline none. */
  readonly constant?: number;
  readonly scale?: Scale;
  readonly ddof?: 0 | 1;
  readonly epsilon?: number;
  /** What a group of one response gets: its reward (its mean counts as 0 and its spread as 1) or nothing. */
  readonly single?: 'reward' | 'zero';
  readonly gamma?: number;
  readonly lambda?: number;
  readonly whiten?: WhitenSpec | null;
  /** Under this name the batch holds the rewards of a rubric, weighed by how sure its judges are; they take the place of the others. */
  readonly rubric?: string | null;
  /** GPG: multiplied by N / number of responses whose reward is not 0. */
  readonly correctZeros?: boolean;
}

export interface RatioSpec {
  readonly level: 'none' | 'token' | 'sequence-mean' | 'sequence-product' | 'sequence-token';
  /** Bound of |log ratio| before the exponential (sequence-token: from above only); beyond it the gradient is 0. */
  readonly logClamp?: number | null;
  /** The current policy is taken for the old one: every ratio is 1 and nothing is clipped. */
  readonly onPolicy?: boolean | null;
}

export type RegionSpec =
  | { readonly kind: 'none' }
  /** dual: A < 0 never costs more than dual·|A|; cap: ratios above it are cut for either sign (TRL's delta). */
  | { readonly kind: 'clip'; readonly low: number; readonly high: number; readonly dual?: number | null; readonly cap?: number | null }
  /** Bounds are ratios themselves, not distances from 1. */
  | { readonly kind: 'cispo'; readonly lower: number; readonly upper: number }
  | { readonly kind: 'sapo'; readonly tauPositive: number; readonly tauNegative: number }
  /** Bounds in log units; the clip sits inside the geometric mean. */
  | { readonly kind: 'gmpo'; readonly low: number; readonly high: number; readonly lengthEpsilon?: number | null };

export interface AggregationSpec {
  readonly kind: 'token-mean' | 'prompt-token-mean' | 'sequence-mean' | 'sequence-sum' | 'constant' | 'token-sum';
  /** Which responses count in the outer mean. */
  readonly rows?: 'all' | 'active';
  /** constant: the length every response is divided by; absent: the longest response of the batch. */
  readonly length?: number | null;
  /** Replaces the number of tokens (token-mean) or responses of the denominator: gradient accumulation, several workers. */
  readonly divisor?: number | null;
  /** sequence-mean: added to the number of tokens of a response (verl: 1e-8); absent: a response without tokens counts as one. */
  readonly lengthEpsilon?: number | null;
}

export interface KlSpec {
  readonly estimator: 'k1' | 'k2' | 'k3' | 'abs';
  readonly beta: number;
  /** The estimator whose gradient is used; absent: its own (straight-through forms name k2). */
  readonly gradient?: 'k1' | 'k2' | 'k3' | 'abs' | null;
  /** Bound of |log π − log π_ref| before k3's exponential. */
  readonly inputClamp?: number | null;
  /** Bound of the penalty's absolute value. */
  readonly outputClamp?: number | null;
  /** Multiply by the ratio (bias correction of k3 off-policy). */
  readonly timesRatio?: boolean;
  /** Aggregation of the penalty where it differs from the policy term's. */
  readonly aggregation?: AggregationSpec | null;
}

export interface RewardKlSpec {
  readonly estimator: 'k1' | 'k2' | 'k3' | 'abs';
  readonly beta: number;
}
