import { deviation, mean } from '../core/advantage.js';
import type { Evaluation } from '../core/objective.js';
import { Side } from '../core/region.js';
import type { AggregationSpec, RegionSpec } from '../core/spec.js';
import { short, signed } from '../dom/numbers.js';
import type { TokenModel } from './token-model.js';

/** One step from log-probabilities to the weight, in words and numbers. */
export interface Reason { readonly part: string; readonly text: string; readonly bites?: boolean }

/** Why a token has the weight it has. */
export function reasons(model: TokenModel, token: number): Reason[] {
  const e = model.evaluation;
  if (!model.isActive(token)) return [{ part: 'mask', text: 'This token does not count: no sum sees it, and it gets no gradient.' }];
  if (!e) return [{ part: 'objective', text: model.data.why ?? 'No objective was evaluated on these responses yet.' }];
  const list: Reason[] = [];
  ratio(model, e, token, list);
  if (e.spec.preference) { list.push({ part: 'pair', text: pair(model, e, token) }); list.push(weight(e, token)); return list; }
  list.push({ part: 'advantage', text: advantage(model, e, token) });
  list.push(region(e, token));
  if (e.kl) list.push(kl(e, model, token));
  list.push({ part: 'aggregation', text: `each token of this response counts ${aggregation(e, model, token)}` });
  list.push(weight(e, token));
  return list;
}

function weight(e: Evaluation, token: number): Reason {
  const w = e.weight[token]!;
  return { part: 'weight', text: `w = ${signed(w)}: ${w > 0 ? 'made more likely' : w < 0 ? 'made less likely' : 'left alone'}` };
}

function pair(model: TokenModel, e: Evaluation, token: number): string {
  const row = model.rowOf(token), response = model.data.rowIds[row]!, first = model.data.groupStarts[model.groupOf(row)]!;
  const mine = e.pairs.filter(p => p.chosen === response || p.rejected === response);
  if (mine.length === 0) return 'its response is in no pair: another of its group was better or worse, or all rewards are equal';
  return mine.map(({ chosen, rejected, margin }) => `${chosen === response ? 'chosen over' : 'rejected for'} response ${(chosen === response ? rejected : chosen) - first + 1}, margin h = ${short(margin)} nats`).join('; ')
    + `; one of ${e.pairs.length} pairs, and every token of a response gets the same push`;
}

function ratio(model: TokenModel, e: Evaluation, token: number, list: Reason[]): void {
  const level = e.spec.ratio.level;
  if (level === 'none' || !e.ratio) return;
  const now = model.batch.logProbs[token]!, old = model.batch.oldLogProbs[token]!, r = short(e.ratio[token]!);
  const text = level === 'token' ? `r = exp(log π − log π_old) = exp(${short(now)} − ${bracket(old)}) = ${r}`
    : level === 'sequence-product' ? `r = product of the ratios of the response = ${r}; this token’s own is ${short(Math.exp(now - old))}`
    : `r = geometric mean of the ratios of the response = ${r}; this token’s own is ${short(Math.exp(now - old))}`;
  list.push({ part: 'ratio', text });
}

function advantage(model: TokenModel, e: Evaluation, token: number): string {
  const a = e.spec.advantage, value = signed(e.advantage[token]!), row = model.rowOf(token);
  const response = model.data.rowIds[row]!, group = model.groupOf(row), { rewards } = model;
  const from = model.data.groupStarts[group]!, to = model.data.groupStarts[group + 1]!, reward = short(rewards[response]!);
  if (a.kind === 'gae') return `A = ${value}: generalised advantage with γ = ${short(a.gamma ?? 1)}, λ = ${short(a.lambda ?? 1)}${a.whiten ? ', then whitened over all tokens' : ''}`;
  if (a.kind === 'return') return `A = ${value}: reward from here to the end, γ = ${short(a.gamma ?? 1)}${a.whiten ? ', then whitened over all tokens' : ''}`;
  if (a.kind === 'one') return 'A = 1 for every token';
  if (a.kind === 'given') return `A = ${value}`;
  const whitened = a.whiten ? ', then whitened over all tokens' : '', penalised = e.spec.rewardKl?.beta ? ' (reward less β·KL)' : '';
  if (a.baseline === 'group-mean' || a.baseline === 'batch-mean') {
    const all = a.baseline === 'batch-mean', centre = short(all ? mean(rewards, 0, rewards.length) : mean(rewards, from, to));
    const spread = a.scale === 'group-std' ? deviation(rewards, from, to, a.ddof ?? 1) : a.scale === 'batch-std' ? deviation(rewards, 0, rewards.length, a.ddof ?? 1) : null;
    if (spread === 0) return `A = ${value}: all rewards are equal, so there is nothing to compare`;
    return spread === null ? `A = R − mean = ${reward} − ${centre} = ${value}${penalised}${whitened}`
      : `A = (R − mean)/(std + ε) = (${reward} − ${centre})/(${short(spread)} + ${short(a.epsilon ?? 0)}) = ${value}${penalised}${whitened}`;
  }
  if (a.baseline === 'leave-one-out' && to - from > 1)
    return `A = R − mean of the others = ${reward} − ${short((mean(rewards, from, to) * (to - from) - rewards[response]!) / (to - from - 1))} = ${value}${penalised}${whitened}`;
  return `A = ${value}, from the reward ${reward}${penalised}${whitened}`;
}

function region(e: Evaluation, token: number): Reason {
  const r = e.ratio?.[token] ?? 1, a = e.advantage[token]!, side = e.clipped?.[token] ?? Side.None, spec = e.spec.region, bites = side !== Side.None;
  if (e.branch[token] === 'dropped') return { part: 'trust region', bites: true, text: e.spec.covariance!.price == null ? 'log π and A are high together here, so that entropy falls: the token was drawn and taken out'
    : `log π and A are highest together here, so that entropy falls: it pays ${short(e.spec.covariance!.price)} for each nat from the old policy` };
  switch (spec.kind) {
    case 'none': return { part: 'trust region', text: e.spec.ratio.level === 'none' ? `none: the slope is A = ${signed(a)}` : `none: the slope is r·A = ${signed(r * a)}` };
    case 'clip': return { part: 'trust region', text: clip(spec, r, a, e, token), bites };
    case 'cispo': return { part: 'trust region', bites, text: `the ratio is a constant factor, held in [${short(spec.lower)}, ${short(spec.upper)}]: ${short(Math.max(spec.lower, Math.min(spec.upper, r)))}·A = ${signed(Math.max(spec.lower, Math.min(spec.upper, r)) * a)}` };
    case 'sapo': return { part: 'trust region', text: `soft gate with τ = ${short(a > 0 ? spec.tauPositive : spec.tauNegative)}: the further r is from 1, the less gradient` };
    case 'gmpo': return { part: 'trust region', bites, text: bites ? 'this token’s log-ratio is held at its bound before the mean: no gradient through it' : 'inside its bounds: the response’s geometric mean moves with it' };
  }
}

function clip(spec: Extract<RegionSpec, { kind: 'clip' }>, r: number, a: number, e: Evaluation, token: number): string {
  const low = 1 - spec.low, high = 1 + spec.high, held = Math.max(low, Math.min(high, r));
  const both = `r·A = ${signed(r * a)}, clip(r, ${short(low)}, ${short(high)})·A = ${signed(held * a)}`;
  switch (e.branch[token]) {
    case 'clipped': return `${both}: the smaller is the clipped one, so the slope is 0 (r ${r > high ? 'above ' + short(high) : 'below ' + short(low)})`;
    case 'dual': return `${both}: below c·A = ${signed(spec.dual! * a)}, so the third bound holds and the slope is 0`;
    case 'cap': return `${both}: r is cut at ${short(spec.cap!)}, so the slope is 0`;
    default: return held === r ? `${both}: r lies inside, nothing is clipped; the slope is r·A`
      : a === 0 ? `${both}: both are 0` : `${both}: r lies outside, but the way back is open; the slope is r·A`;
  }
}

function kl(e: Evaluation, model: TokenModel, token: number): Reason {
  const inLoss = e.spec.kl, k = (inLoss ?? e.spec.rewardKl)!, u = (inLoss ? model.batch.logProbs : model.batch.oldLogProbs)[token]! - (model.batch.referenceLogProbs?.[token] ?? NaN);
  return { part: 'KL', text: `${k.estimator} = ${short(e.kl![token]!)} nats with log ${inLoss ? 'π' : 'π_old'} − log π_ref = ${short(u)}; ${inLoss ? 'costs' : 'its reward pays'} β·${k.estimator} = ${short(k.beta * e.kl![token]!)}` };
}

export function aggregation(e: Evaluation, model: TokenModel, token: number): string {
  const a: AggregationSpec = e.spec.aggregation, factor = e.aggregation[token]!, n = model.data.lengths[model.data.rowIds[model.rowOf(token)]!]!;
  const total = model.data.lengths.reduce((x, y) => x + y, 0), rows = model.data.rewards.length, active = model.data.lengths.filter(x => x > 0).length;
  const responses = a.divisor ?? (a.rows === 'active' ? active : rows), result = short(factor);
  switch (a.kind) {
    case 'token-sum': return `${result} (a plain sum)`;
    case 'token-mean': return `1/${short(a.divisor ?? total)} = ${result} (all tokens of the batch alike)`;
    case 'sequence-sum': return `1/${short(responses)} = ${result} (long responses weigh more)`;
    case 'constant': return `1/(${short(responses)} · ${short(a.length ?? model.data.maxLength)}) = ${result} (the same constant for every response)`;
    case 'sequence-mean': return `1/(${short(responses)} · ${n}) = ${result} (its response has ${n} tokens)`;
    case 'prompt-token-mean': return `${result} (all tokens of the prompt alike, then the mean over prompts)`;
  }
}

const bracket = (x: number): string => x < 0 ? `(${short(x)})` : short(x);
