import type { Shape } from './batch.js';
import type { AggregationSpec } from './spec.js';

/** [b] the factor with which each token of a response enters the objective: every aggregation is linear. */
export function rowFactors(spec: AggregationSpec, shape: Shape): Float64Array {
  const factors = new Float64Array(shape.rows), totals = shape.totals;
  const outer = Math.max(spec.divisor ?? (spec.rows === 'active' ? totals.activeResponses : totals.responses), 1e-300);
  switch (spec.kind) {
    case 'token-sum': return factors.fill(1 / (spec.divisor ?? 1));
    case 'token-mean': return factors.fill(1 / (spec.divisor ?? Math.max(totals.activeTokens, 1)));
    case 'sequence-sum': return factors.fill(1 / outer);
    case 'constant': return factors.fill(1 / (outer * Math.max(spec.length ?? totals.maxLength, 1)));
    case 'sequence-mean': return factors.map((_, i) => 1 / (outer * lengthOf(spec, shape.activeInRow[i]!)));
    case 'prompt-token-mean': return promptFactors(spec, shape, factors);
  }
}

const lengthOf = (spec: AggregationSpec, active: number): number =>
  spec.lengthEpsilon ? active + spec.lengthEpsilon : Math.max(active, 1);

function promptFactors(spec: AggregationSpec, shape: Shape, factors: Float64Array): Float64Array {
  const tokens = new Float64Array(shape.groups);
  shape.lengths.forEach((length, response) => { tokens[shape.groupOf[response]!]! += length; });
  const prompts = spec.divisor ?? Math.max(shape.totals.groups, 1);
  return factors.map((_, i) => 1 / (prompts * Math.max(tokens[shape.groupOf[shape.rowIds[i]!]!]!, 1)));
}
