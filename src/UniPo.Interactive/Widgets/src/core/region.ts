import type { RegionSpec } from './spec.js';

export const enum Side { None = 0, Low = 1, High = 2, Dropped = 3 }

/** Why a token's objective has the value it has: which branch of the trust region was taken. */
export type Branch = 'free' | 'unclipped' | 'clipped' | 'dual' | 'cap' | 'weighted' | 'gate' | 'geometric' | 'dropped' | 'masked';

export interface Term {
  /** The token's term of the objective, before aggregation. */
  value: number;
  /** Its derivative with respect to the log of the ratio (of log π where there is no ratio). */
  slope: number;
  side: Side;
  branch: Branch;
}

/** One token's term for a ratio r, an advantage A and log π; token-level regions only. */
export function term(region: RegionSpec, level: 'none' | 'ratio', r: number, a: number, logProb: number, into: Term): void {
  into.side = Side.None;
  switch (region.kind) {
    case 'none':
      into.branch = 'free';
      into.value = level === 'none' ? a * logProb : a * r;
      into.slope = level === 'none' ? a : a * r;
      return;
    case 'clip': return clip(region, r, a, into);
    case 'cispo': {
      const bounded = Math.max(region.lower, Math.min(region.upper, r));
      into.side = r > region.upper ? Side.High : r < region.lower ? Side.Low : Side.None;
      into.branch = 'weighted';
      into.value = bounded * a * logProb;
      into.slope = bounded * a;
      return;
    }
    case 'sapo': {
      const tau = a > 0 ? region.tauPositive : region.tauNegative;
      const gate = 1 / (1 + Math.exp(-tau * (r - 1)));
      into.branch = 'gate';
      into.value = a * 4 / tau * gate;
      into.slope = 4 * a * gate * (1 - gate) * r;
      return;
    }
    case 'gmpo': throw new RangeError('GMPO clips inside the mean of a whole response.');
  }
}

function clip(region: Extract<RegionSpec, { kind: 'clip' }>, r: number, a: number, into: Term): void {
  const bounded = Math.max(1 - region.low, Math.min(1 + region.high, r));
  const capped = region.cap != null ? Math.min(r, region.cap) : r;
  const free = capped * a, held = bounded * a;
  into.branch = 'unclipped';
  into.value = free;
  into.slope = capped < r ? 0 : free;
  if (capped < r && a !== 0) { into.branch = 'cap'; into.side = Side.High; }
  if (held < free) {
    const inside = bounded === r;
    into.value = held;
    into.slope = inside ? held : 0;
    into.branch = inside ? 'unclipped' : 'clipped';
    into.side = inside ? Side.None : r > 1 ? Side.High : Side.Low;
  }
  // The third bound matters only for bad tokens that became much more likely.
  if (region.dual != null && a < 0 && region.dual * a > into.value) {
    into.value = region.dual * a;
    into.slope = 0;
    into.branch = 'dual';
    into.side = Side.High;
  }
}
