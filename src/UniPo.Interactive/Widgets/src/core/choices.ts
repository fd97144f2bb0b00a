import { isActive, measure, type Batch, type Shape } from './batch.js';
import type { ChoiceSpec, MaskSpec } from './spec.js';

/** The batch without the responses that an objective leaves out: their tokens are masked, and leave the counts, too. */
export function masked(spec: MaskSpec, batch: Batch, loud: ReadonlySet<number> | null): Batch {
  const { groupOf, rewards } = { ...measure(batch), rewards: batch.rewards };
  return without(batch, response => {
    const from = batch.groupStarts[groupOf[response]!]!, to = batch.groupStarts[groupOf[response]! + 1]!;
    let best = from, silent = true;
    for (let i = from; i < to; i++) { if (rewards[i]! > rewards[best]!) best = i; if (rewards[i] !== rewards[from]) silent = false; }
    if (spec.truncated && batch.truncated?.[response] || spec.silent && (loud ? !loud.has(groupOf[response]!) : silent) || spec.least != null && rewards[response]! < spec.least) return false;
    return !spec.best || response === best && !(spec.best === 'unless-tied' && silent && to - from > 1);
  });
}

/** The batch whose other responses do not count. */
export function without(batch: Batch, isIn: (response: number) => boolean): Batch {
  const { lengths, rowIds, rows, tokens } = measure(batch), left = lengths.map((length, i) => isIn(i) ? length : 0);
  // What was left out before is no change: the counts of a larger rollout stay right.
  if (left.every((length, i) => length === lengths[i])) return batch;
  const mask = new Float64Array(tokens);
  for (let i = 0; i < rows; i++)
    if (isIn(rowIds[i]!)) for (let t = batch.rowStarts[i]!; t < batch.rowStarts[i + 1]!; t++) mask[t] = isActive(batch, t) ? 1 : 0;
  return { ...batch, mask, lengths: left, totals: null };
}

/** The best against the worst of each group, of equals the first; or every response against every one with less reward. */
export function pairsOf(kind: string | null | undefined, batch: Batch, shape: Shape): [number, number][] {
  const { rewards } = batch, pairs: [number, number][] = [];
  if (kind) for (let g = 0; g < shape.groups; g++) {
    const rows: number[] = [];
    for (let i = batch.groupStarts[g]!; i < batch.groupStarts[g + 1]!; i++) if (shape.lengths[i]! > 0) rows.push(i);
    const most = (sign: number): number => rows.reduce((a, b) => sign * (rewards[b]! - rewards[a]!) > 0 ? b : a);
    const [from, to] = kind === 'every' || rows.length < 2 ? [rows, rows] : [[most(1)], [most(-1)]];
    for (const chosen of from) for (const rejected of to) if (rewards[chosen]! > rewards[rejected]!) pairs.push([chosen, rejected]);
  }
  return pairs;
}

/** The entropy that a share of the tokens reaches, between two neighbours where it falls between them. */
export function threshold(share: number, batch: Batch, shape: Shape): number {
  const sorted = Float64Array.from({ length: shape.tokens }, (_, t) => t).filter(t => isActive(batch, t)).map(t => batch.entropies![t]!).sort();
  const place = (1 - share) * (sorted.length - 1), below = Math.floor(place);
  return sorted.length ? sorted[below]! + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - sorted[below]!) : -Infinity;
}

/** Clip-Cov draws a few tokens whose log π and advantage are high together; KL-Cov takes those where they are highest. */
export function chosen(spec: ChoiceSpec, batch: Batch, shape: Shape, advantage: ArrayLike<number>): Uint8Array {
  const n = shape.activeTokens, count = Math.max(Math.trunc(spec.share * n), 1), all = Array.from({ length: shape.tokens }, (_, t) => t).filter(t => isActive(batch, t));
  const mean = (of: ArrayLike<number>): number => all.reduce((sum, t) => sum + of[t]!, 0) / Math.max(n, 1), a = mean(advantage), l = mean(batch.logProbs);
  const covariance = (t: number): number => (advantage[t]! - a) * (batch.logProbs[t]! - l), taken = new Uint8Array(shape.tokens);
  const isClipped = (t: number): boolean => { const r = Math.exp(batch.logProbs[t]! - batch.oldLogProbs[t]!); return advantage[t]! > 0 ? r > 1 + spec.high! : advantage[t]! < 0 && r < 1 - spec.low!; };
  const list = spec.seed == null ? all.sort((x, y) => covariance(y) - covariance(x) || x - y).slice(0, count)
    : drawn(all.filter(t => covariance(t) > spec.above! && covariance(t) < spec.below! && !isClipped(t)), count, spec.seed);
  for (const t of list) taken[t] = 1;
  return taken;
}
/** Every candidate has the same chance: reservoir sampling with C#'s generator, so that the draw is the same. */
function drawn(candidates: number[], count: number, seed: string): number[] {
  const below = generator(BigInt(seed)), kept: number[] = [];
  candidates.forEach((t, seen) => {
    if (seen < count) { kept.push(t); return; }
    const place = below(BigInt(seen + 1));
    if (place < count) kept[place] = t;
  });
  return kept;
}

const word = (x: bigint): bigint => BigInt.asUintN(64, x), turn = (x: bigint, by: bigint): bigint => word(x << by) | x >> 64n - by;

/** Whole numbers in [0, limit): xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64; the twin of C#'s SeededRandom. */
function generator(seed: bigint): (limit: bigint) => number {
  let [a, b, c, d] = [1n, 2n, 3n, 4n].map(i => {
    let z = word(seed + i * 0x9E3779B97F4A7C15n);
    z = word((z ^ z >> 30n) * 0xBF58476D1CE4E5B9n);
    z = word((z ^ z >> 27n) * 0x94D049BB133111EBn);
    return z ^ z >> 31n;
  }) as [bigint, bigint, bigint, bigint];
  const next = (): bigint => {
    const result = word(turn(word(b * 5n), 7n) * 9n), shifted = word(b << 17n);
    c ^= a; d ^= b; b ^= c; a ^= d; c ^= shifted; d = turn(d, 45n);
    return result;
  };
  return limit => {
    const rejected = word(-limit) % limit;
    let bits = next();
    while (bits < rejected) bits = next();
    return Number(bits % limit);
  };
}
