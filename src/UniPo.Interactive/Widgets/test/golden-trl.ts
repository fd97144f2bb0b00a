import { advantages } from '../src/core/advantage.js';
import { measure } from '../src/core/batch.js';
import { evaluate } from '../src/core/objective.js';
import type { AdvantageSpec, AggregationSpec, ObjectiveSpec, RegionSpec } from '../src/core/spec.js';
import { batches, broadcast, flat, load, objective, rowsOf, type Json, type Tally } from './vectors.js';

const unsupported = ['top_entropy_quantile', 'off_policy_mask_threshold', 'vllm_is'];

export function trlLosses(tally: Tally): void {
  for (const name of ['grpo', 'bnpo', 'dr_grpo', 'dapo', 'cispo', 'other', 'rloo']) {
    tally.begin(`trl_loss_${name}.json`);
    for (const c of load(`trl_loss_${name}.json`).cases) loss(tally, c);
  }
}

function loss(tally: Tally, c: Json): void {
  const config = c.config,
    golden = batches.get(c.batch)!,
    trainer = c.trainer ?? 'grpo';
  const odd = unsupported.find(key => config[key] !== undefined && config[key] !== false && config[key] !== null);
  if (odd) return tally.omit(`TRL ${odd}: a filter of the trainer, not an objective`);
  if (config.loss_type === 'vespo') return tally.omit('TRL vespo');
  if (config.loss_type === 'luspo' && config.beta) return tally.omit('TRL luspo with KL: upstream defect');
  if ((trainer === 'gmpo' || trainer === 'rloo') && c.batch === 'truncated')
    return tally.omit('TRL gmpo, rloo: a masked response enters the value without a gradient');
  let batch = flat(golden, config.rows);
  if (config.old_per_token_logps === null) batch = { ...batch, oldLogProbs: batch.logProbs };
  const result = evaluate(spec(c, trainer), batch, broadcast(golden, c.advantages, config.rows));
  tally.compare(`${c.batch} ${trainer} ${JSON.stringify(config)}`, [
    ['loss', -result.objective, c.loss],
    ['gradient', result.weight.map(w => -w), c.grad_log_probs],
  ]);
}

function spec(c: Json, trainer: string): ObjectiveSpec {
  const config = c.config,
    low = config.epsilon ?? 0.2,
    high = config.epsilon_high ?? low;
  const level =
    trainer === 'rloo'
      ? 'sequence-product'
      : config.importance_sampling_level === 'sequence'
        ? 'sequence-mean'
        : config.importance_sampling_level === 'sequence_token'
          ? 'sequence-token'
          : 'token';
  const region: RegionSpec =
    config.loss_type === 'cispo'
      ? { kind: 'cispo', lower: 0, upper: high }
      : config.loss_type === 'sapo'
        ? { kind: 'sapo', tauPositive: config.sapo_temperature_pos ?? 1, tauNegative: config.sapo_temperature_neg ?? 1.05 }
        : trainer === 'gmpo'
          ? { kind: 'gmpo', low, high }
          : { kind: 'clip', low, high, cap: config.delta ?? null };
  const kl =
    config.beta && trainer !== 'rloo'
      ? { estimator: 'k3' as const, beta: config.beta, timesRatio: !!config.use_bias_correction_kl }
      : null;
  const entropy = config.entropy_coef ? { coefficient: config.entropy_coef, aggregation: { kind: 'token-mean' as const } } : null;
  return objective({ ratio: { level }, region, aggregation: aggregation(c, trainer), kl, entropy });
}

function aggregation(c: Json, trainer: string): AggregationSpec {
  const config = c.config,
    golden = batches.get(c.batch)!,
    rows = rowsOf(golden, config.rows),
    steps = config.gradient_accumulation_steps ?? 1;
  const count = (over: number[]) => over.reduce((n, i) => n + golden.mask[i].reduce((m: number, x: number) => m + x, 0), 0);
  switch (trainer === 'grpo' || trainer === 'gspo_token' ? config.loss_type : 'grpo') {
    case 'bnpo':
      return { kind: 'token-mean', divisor: Math.max(count(rows), 1) * steps };
    case 'dr_grpo':
      return { kind: 'constant', length: config.max_completion_length ?? 16, divisor: rows.length * steps };
    case 'dapo':
    case 'cispo':
      return { kind: 'token-mean', divisor: Math.max(config.num_items_in_batch ?? count(rowsOf(golden)), 1) };
    case 'luspo':
      return { kind: 'sequence-sum', divisor: rows.length * steps };
    default:
      return { kind: 'sequence-mean', divisor: rows.length * steps };
  }
}

export function trlAdvantages(tally: Tally): void {
  const file = load('trl_advantages.json');
  tally.begin('trl_advantages.json');
  for (const c of file.cases) {
    const golden = batches.get(c.batch),
      rewards: Json[] = c.rewards;
    if (rewards.flat().some((r: Json) => typeof r === 'string')) {
      tally.omit('TRL rewards that are not a number');
      continue;
    }
    if (c.config.multi_objective_aggregation === 'normalize_then_sum') {
      tally.omit('several rewards, normalised one by one');
      continue;
    }
    if (c.config.normalize_advantages || c.config.reward_clip_range) {
      tally.omit('TRL RLOO: normalised or clipped rewards');
      continue;
    }
    if (c.config.beta && !golden) {
      tally.omit('inline batch without log-probabilities');
      continue;
    }
    const weights = c.config.reward_weights ?? (Array.isArray(rewards[0]) ? rewards[0].map(() => 1) : [1]);
    const total = rewards.map(r =>
      Array.isArray(r) ? r.reduce((sum: number, x: number, k: number) => sum + x * weights[k], 0) : r,
    );
    const outcome: AdvantageSpec =
      c.trainer === 'rloo'
        ? { kind: 'outcome', baseline: 'leave-one-out' }
        : {
            kind: 'outcome',
            baseline: 'group-mean',
            epsilon: 1e-4,
            ddof: 1,
            scale: c.config.scale_rewards === 'group' ? 'group-std' : c.config.scale_rewards === 'batch' ? 'batch-std' : 'none',
          };
    const groupStarts = Array.from({ length: total.length / c.num_generations + 1 }, (_, g) => g * c.num_generations);
    const inline = {
      rowStarts: Array.from({ length: total.length + 1 }, (_, i) => i),
      mask: null,
      logProbs: total,
      oldLogProbs: total,
    };
    const batch = { ...(golden ? flat(golden) : inline), rewards: total, groupStarts };
    const plan = objective({ advantage: outcome, rewardKl: c.config.beta ? { estimator: 'k1', beta: c.config.beta } : null });
    // A response without tokens has no token to show its advantage on.
    const full = { ...batch, mask: null, rewards: c.config.beta ? shaped(batch, total, c.config.beta) : total };
    const column = advantages({ ...plan, rewardKl: null }, full, measure(full));
    tally.compare(`${c.trainer} ${JSON.stringify(c.config)}`, [
      ['advantages', total.map((_, i) => column[batch.rowStarts[i]!]!), c.advantages],
    ]);
  }
}

function shaped(batch: Json, rewards: number[], beta: number): number[] {
  return rewards.map((r, i) => {
    let kl = 0;
    for (let t = batch.rowStarts[i]; t < batch.rowStarts[i + 1]; t++)
      if (batch.mask[t]) kl += batch.oldLogProbs[t] - batch.referenceLogProbs[t];
    return r - beta * kl;
  });
}
