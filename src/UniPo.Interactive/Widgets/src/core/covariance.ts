import { isActive, type Batch, type Shape } from './batch.js';
import type { Columns } from './objective.js';
import { Side } from './region.js';
import type { CovarianceSpec } from './spec.js';

/** Clip-Cov takes a few tokens out whose log π and advantage are high together; KL-Cov lets those that are highest pay for their way. */
export function revise(spec: CovarianceSpec, batch: Batch, shape: Shape, into: Columns): void {
  const count = Math.max(Math.floor(spec.share * shape.activeTokens), 1), mean = (of: ArrayLike<number>): number => {
    let sum = 0;
    for (let t = 0; t < shape.tokens; t++) if (isActive(batch, t)) sum += of[t]!;
    return sum / Math.max(shape.activeTokens, 1);
  };
  const a = mean(into.advantage), l = mean(batch.logProbs), covariance = into.advantage.map((x, t) => (x - a) * (batch.logProbs[t]! - l));
  const all = Array.from(covariance.keys()).filter(t => isActive(batch, t));
  const taken = spec.price == null ? drawn(all.filter(t => covariance[t]! > spec.above! && covariance[t]! < spec.below! && into.clipped![t] === Side.None), count, spec.seed!)
    : all.sort((x, y) => covariance[y]! - covariance[x]! || x - y).slice(0, count);
  for (const t of taken) {
    const moved = batch.logProbs[t]! - batch.oldLogProbs[t]!, cost = spec.price == null ? into.tokenObjective[t]! : spec.price * Math.abs(moved);
    into.objective -= into.aggregation[t]! * cost;
    into.tokenObjective[t]! -= cost;
    into.weight[t] = spec.price == null ? 0 : into.weight[t]! - into.aggregation[t]! * spec.price * Math.sign(moved);
    into.clipped![t] = Side.Dropped;
    into.branch[t] = 'dropped';
  }
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
