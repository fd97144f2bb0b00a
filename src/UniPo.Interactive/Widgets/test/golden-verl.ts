import { advantages, whiten } from '../src/core/advantage.js';
import { rowFactors } from '../src/core/aggregation.js';
import { measure } from '../src/core/batch.js';
import { klTerm } from '../src/core/kl.js';
import { evaluate } from '../src/core/objective.js';
import type { AdvantageSpec, AggregationSpec, KlSpec, ObjectiveSpec } from '../src/core/spec.js';
import { batches, broadcast, flat, load, objective, type Golden, type Json, type Tally } from './vectors.js';

const estimators: Record<string, KlSpec['estimator']> = {
  kl: 'k1',
  k1: 'k1',
  abs: 'abs',
  mse: 'k2',
  k2: 'k2',
  low_var_kl: 'k3',
  k3: 'k3',
};

function penalty(kind: string, beta: number): KlSpec {
  const straight = kind.endsWith('+'),
    estimator = estimators[straight ? kind.slice(0, -1) : kind]!;
  return {
    estimator,
    beta,
    gradient: straight ? 'k2' : null,
    ...(estimator === 'k3' ? { inputClamp: 20, outputClamp: 10 } : {}),
  };
}

function aggregation(mode: string, golden: Golden, global: Json = {}): AggregationSpec {
  const workers = global.dp_size ?? 1,
    rows = global.global_batch_size == null ? null : global.global_batch_size / workers;
  const outer = rows == null ? { rows: 'active' as const } : { divisor: rows };
  switch (mode) {
    case 'token-mean':
      return { kind: 'token-mean', divisor: global.batch_num_tokens == null ? null : global.batch_num_tokens / workers };
    case 'token-sum':
      return { kind: 'token-sum', divisor: 1 / workers };
    case 'seq-mean-token-sum':
      return { kind: 'sequence-sum', ...outer };
    case 'seq-mean-token-mean':
      return { kind: 'sequence-mean', lengthEpsilon: 1e-8, ...outer };
    default:
      return { kind: 'constant', length: global.loss_scale_factor ?? golden.T, ...outer };
  }
}

function spec(c: Json, golden: Golden): ObjectiveSpec | string {
  const config = c.config,
    low = config.clip_ratio_low ?? 0.2,
    high = config.clip_ratio_high ?? 0.2;
  const agg = aggregation(c.loss_agg_mode, golden, config.global_batch_info),
    token = { level: 'token', logClamp: 20 } as const;
  const sequences = aggregation('seq-mean-token-mean', golden, config.global_batch_info);
  switch (c.loss_mode) {
    case 'vanilla':
      return objective({ ratio: token, region: { kind: 'clip', low, high, dual: config.clip_ratio_c ?? 3 }, aggregation: agg });
    case 'cispo':
      return objective({ ratio: token, region: { kind: 'cispo', lower: 1 - low, upper: 1 + high }, aggregation: agg });
    case 'gpg':
    case 'reinforce':
      return objective({ ratio: { level: 'none' }, aggregation: agg });
    case 'gspo':
      return objective({
        ratio: { level: 'sequence-token', logClamp: 10 },
        region: { kind: 'clip', low, high },
        aggregation: sequences,
      });
    case 'sapo':
      return objective({
        ratio: token,
        aggregation: sequences,
        region: { kind: 'sapo', tauPositive: config.tau_pos ?? 1, tauNegative: config.tau_neg ?? 1.05 },
      });
    case 'geo_mean':
      return objective({ region: { kind: 'gmpo', low, high, lengthEpsilon: 1e-8 }, aggregation: { kind: 'sequence-mean' } });
    default:
      return `verl ${c.loss_mode}`;
  }
}

export function verlLosses(tally: Tally): void {
  for (const file of [
    'verl_loss_vanilla.json',
    'verl_loss_gspo_gmpo_sapo.json',
    'verl_loss_cispo_gpg_reinforce.json',
    'verl_loss_cov.json',
    'verl_loss_dppo_dro.json',
  ]) {
    tally.begin(file);
    for (const c of load(file).cases) {
      const golden = batches.get(c.batch)!,
        plan = spec(c, golden);
      if (typeof plan === 'string') {
        tally.omit(plan);
        continue;
      }
      if (c.rollout_is_weights) {
        tally.omit('verl weights for the mismatch of sampler and trainer');
        continue;
      }
      if (c.error || c.loss === 'NaN') {
        tally.omit('no finite result upstream');
        continue;
      }
      const result = evaluate(plan, flat(golden), broadcast(golden, golden[c.advantages]));
      tally.compare(`${c.batch} ${c.loss_mode} ${c.loss_agg_mode} ${JSON.stringify(c.config)}`, [
        ['loss', -result.objective, c.loss],
        ['gradient', result.weight.map(w => -w), c.grad_log_probs],
      ]);
    }
  }
}

export function verlTotal(tally: Tally): void {
  tally.begin('verl_ppo_total_loss.json');
  for (const c of load('verl_ppo_total_loss.json').cases) {
    const golden = batches.get(c.batch)!,
      agg = aggregation(c.loss_agg_mode, golden);
    const plan = objective({
      ratio: { level: 'token', logClamp: 20 },
      region: { kind: 'clip', low: 0.2, high: 0.28, dual: 3 },
      aggregation: agg,
      kl: penalty(c.kl_loss_type, 0.05),
      entropy: { coefficient: 0.01 },
    });
    const result = evaluate(plan, flat(golden), broadcast(golden, golden.advantages));
    tally.compare(`${c.batch} ${c.loss_agg_mode} ${c.kl_loss_type}`, [
      ['loss', -result.objective, c.loss],
      ['gradient', result.weight.map(w => -w), c.grad_log_probs],
    ]);
  }
}

const whitened = { ddof: 1, epsilon: 1e-8, placement: 'root', countEpsilon: 1e-8 } as const;

function estimator(c: Json): AdvantageSpec | string {
  const scale = c.config.norm_adv_by_std_in_grpo ? 'group-std' : 'none';
  switch (c.estimator) {
    case 'gae':
      return { kind: 'gae', gamma: c.config.gamma, lambda: c.config.lam, whiten: whitened };
    case 'grpo':
    case 'grpo_vectorized':
      return { kind: 'outcome', baseline: 'group-mean', scale, ddof: 1, epsilon: c.config.epsilon };
    case 'rloo':
      return { kind: 'outcome', baseline: 'leave-one-out' };
    case 'rloo_vectorized':
      return { kind: 'outcome', baseline: 'leave-one-out', single: 'zero' };
    case 'opo':
      return { kind: 'outcome', baseline: 'length-weighted' };
    case 'gpg':
      return { kind: 'outcome', baseline: 'group-mean', correctZeros: true };
    case 'reinforce_plus_plus_baseline':
      return { kind: 'outcome', baseline: 'group-mean', whiten: whitened };
    case 'reinforce_plus_plus':
      return { kind: 'return', gamma: c.config.gamma, whiten: whitened };
    case 'remax':
      return { kind: 'return', baseline: 'greedy' };
    default:
      return `verl ${c.estimator}`;
  }
}

export function verlAdvantages(tally: Tally): void {
  tally.begin('verl_advantages.json');
  for (const c of load('verl_advantages.json').cases) {
    const golden = batches.get(c.batch)!,
      plan = estimator(c);
    if (typeof plan === 'string') {
      tally.omit(plan);
      continue;
    }
    const outcome = plan.kind === 'outcome';
    if (golden.lengths.some((n: number, i: number) => golden.mask[i][n - 1] === 0) && !outcome) {
      tally.omit('reward on a masked token');
      continue;
    }
    const batch = {
      ...flat(golden),
      tokenRewards: outcome ? null : golden[c.rewards].flat(),
      greedyRewards: golden.group_sizes.map((_: number, g: number) => golden.reward_baselines[golden.group.indexOf(g)]),
    };
    if (
      c.estimator === 'remax' &&
      golden.reward_baselines.some((b: number, i: number) => b !== batch.greedyRewards[golden.group[i]])
    ) {
      tally.omit('verl remax: baselines differ inside a prompt');
      continue;
    }
    const column = advantages(objective({ advantage: plan }), batch, measure(batch));
    // verl leaves carried values at masked positions; only tokens that count are compared.
    const expected = c.advantages.flat().map((x: number, t: number) => (batch.mask![t] ? x : 0));
    tally.compare(
      `${c.batch} ${c.estimator} ${c.rewards} ${JSON.stringify(c.config)}`,
      [['advantages', column, expected]],
      c.estimator === 'grpo_vectorized' ? 1e-5 : 1e-9,
    );
  }
}

export function verlPieces(tally: Tally): void {
  tally.begin('verl_kl_agg_value.json');
  for (const c of load('verl_kl_agg_value.json').cases) {
    if (c.what === 'kl_penalty' && !c.error) {
      const kl = penalty(c.kind, 1),
        each = { value: 0, slope: 0 };
      const pairs = c.log_probs.map((l: number, i: number) => {
        klTerm(kl, l - c.ref_log_probs[i], each);
        return [each.value, each.slope];
      });
      tally.compare(`kl ${c.kind}`, [
        ['value', pairs.map((p: number[]) => p[0]), c.value],
        ['gradient', pairs.map((p: number[]) => p[1]), c.grad_log_probs],
      ]);
    } else if (c.what === 'agg_loss' && c.loss !== 'NaN' && !c.error) {
      const golden = batches.get(c.batch)!,
        batch = flat(golden),
        shape = measure(batch);
      const factors = rowFactors(aggregation(c.loss_agg_mode, golden, c.config), shape);
      let sum = 0;
      golden.values.forEach((row: number[], i: number) =>
        row.forEach((v, t) => {
          if (golden.mask[i][t]) sum += factors[i]! * v;
        }),
      );
      tally.compare(`aggregation ${c.batch} ${c.loss_agg_mode}`, [['loss', sum, c.loss]]);
    } else if (c.what === 'masked_whiten' && c.shift_mean) {
      const golden = batches.get(c.batch)!,
        batch = flat(golden),
        column = Float64Array.from(golden.values.flat());
      whiten(whitened, batch, measure(batch), column);
      tally.compare('whitening', [['out', column, c.out.flat().map((x: number, t: number) => (batch.mask![t] ? x : 0))]]);
    } else tally.omit(`verl ${c.what}: not part of the recomputation, or no finite result upstream`);
  }
}
