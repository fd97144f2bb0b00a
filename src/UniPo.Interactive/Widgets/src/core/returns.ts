import { isActive, type Batch, type Shape } from './batch.js';
import type { AdvantageSpec } from './spec.js';

/** A_t = Σ_{s ≥ t} γ^(s−t) r_s over the tokens that count; the discount does not run over masked ones. */
export function rewardToGo(spec: AdvantageSpec, batch: Batch, shape: Shape, rewards: Float64Array, into: Float64Array): void {
  const gamma = spec.gamma ?? 1;
  for (let i = 0; i < shape.rows; i++) {
    // The greedy response's reward is what was to be expected: it is subtracted where the response's own is paid.
    let running = 0, base = spec.baseline === 'greedy' ? batch.greedyRewards?.[shape.groupOf[shape.rowIds[i]!]!] ?? 0 : 0;
    for (let t = batch.rowStarts[i + 1]! - 1; t >= batch.rowStarts[i]!; t--) {
      if (!isActive(batch, t)) continue;
      running = rewards[t]! - base + gamma * running;
      base = 0;
      into[t] = running;
    }
  }
}

/** δ_t = r_t + γ V_{t+1} − V_t, A_t = δ_t + γλ A_{t+1}; masked tokens are skipped as if they were not there. */
export function generalisedAdvantage(spec: AdvantageSpec, batch: Batch, shape: Shape, rewards: Float64Array, into: Float64Array): void {
  const gamma = spec.gamma ?? 1, lambda = spec.lambda ?? 1, values = batch.oldValues;
  if (!values) throw new RangeError('GAE needs the critic’s value of every token, but the data holds none.');
  for (let i = 0; i < shape.rows; i++) {
    let next = 0, running = 0;
    for (let t = batch.rowStarts[i + 1]! - 1; t >= batch.rowStarts[i]!; t--) {
      if (!isActive(batch, t)) continue;
      running = rewards[t]! + gamma * next - values[t]! + gamma * lambda * running;
      next = values[t]!;
      into[t] = running;
    }
  }
}
