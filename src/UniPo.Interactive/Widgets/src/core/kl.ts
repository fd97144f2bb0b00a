import type { KlSpec } from './spec.js';

export interface KlTerm { value: number; slope: number }

/** Penalty of one token and its derivative with respect to log π, for u = log π − log π_ref. */
export function klTerm(spec: KlSpec, u: number, into: KlTerm): void {
  into.value = estimate(spec.estimator, u, spec.inputClamp);
  into.slope = slope(spec.gradient ?? spec.estimator, u, spec);
  const bound = spec.outputClamp;
  if (bound != null) {
    if (!spec.gradient && Math.abs(into.value) > bound) into.slope = 0;
    into.value = Math.max(-bound, Math.min(bound, into.value));
  }
}

export function estimate(kind: KlSpec['estimator'], u: number, inputClamp?: number | null): number {
  switch (kind) {
    case 'k1': return u;
    case 'k2': return u * u / 2;
    case 'abs': return Math.abs(u);
    case 'k3': {
      const v = inputClamp == null ? -u : Math.max(-inputClamp, Math.min(inputClamp, -u));
      return Math.exp(v) - v - 1;
    }
  }
}

function slope(kind: KlSpec['estimator'], u: number, spec: KlSpec): number {
  switch (kind) {
    case 'k1': return 1;
    case 'k2': return u;
    case 'abs': return Math.sign(u);
    case 'k3': return spec.inputClamp != null && Math.abs(u) > spec.inputClamp ? 0 : 1 - Math.exp(-u);
  }
}
