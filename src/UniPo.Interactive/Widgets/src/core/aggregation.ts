import type { Shape } from './batch.js';
import type { AggregationSpec } from './spec.js';

/** [B] the factor with which each token of a response enters the objective: every aggregation is linear. */
export function rowFactors(spec: AggregationSpec, shape: Shape): Float64Array {
  const factors = new Float64Array(shape.rows);
  const outer = spec.divisor ?? (spec.rows === 'active' ? shape.activeRows : shape.rows);
  switch (spec.kind) {
    case 'token-sum': return factors.fill(1 / (spec.divisor ?? 1));
    case 'token-mean': return factors.fill(1 / (spec.divisor ?? Math.max(shape.activeTokens, 1)));
    case 'sequence-sum': return factors.fill(1 / Math.max(outer, 1));
    case 'constant': return factors.fill(1 / (Math.max(outer, 1) * Math.max(spec.length ?? shape.maxLength, 1)));
    case 'sequence-mean':
      for (let i = 0; i < shape.rows; i++) factors[i] = 1 / (Math.max(outer, 1) * lengthOf(spec, shape.activeInRow[i]!));
      return factors;
    case 'prompt-token-mean': return promptFactors(spec, shape, factors);
  }
}

const lengthOf = (spec: AggregationSpec, active: number): number =>
  spec.lengthEpsilon ? active + spec.lengthEpsilon : Math.max(active, 1);

function promptFactors(spec: AggregationSpec, shape: Shape, factors: Float64Array): Float64Array {
  const tokens = new Float64Array(shape.groups);
  for (let i = 0; i < shape.rows; i++) tokens[shape.groupOf[i]!]! += shape.activeInRow[i]!;
  const prompts = spec.divisor ?? (spec.rows === 'active' ? tokens.filter(n => n > 0).length : shape.groups);
  for (let i = 0; i < shape.rows; i++) factors[i] = 1 / (Math.max(prompts, 1) * Math.max(tokens[shape.groupOf[i]!]!, 1));
  return factors;
}
