import type { AggregationSpec, ObjectiveSpec, RatioSpec, RegionSpec } from '../core/spec.js';
import { find, findAll, freshId, h, put } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { button, choice, rove } from '../dom/toolbar.js';

/** What the data allows: a knob without its data would promise what cannot be computed. */
export interface Available { readonly reference: boolean; readonly complete: boolean; readonly groups: boolean; readonly truncated: boolean }

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<ObjectiveSpec>;

const aggregations: readonly (readonly [AggregationSpec['kind'], string])[] = [
  ['sequence-mean', 'mean per response, then over responses'], ['token-mean', 'mean over all tokens'], ['constant', 'sum per response / constant length'],
  ['sequence-sum', 'sum per response, mean over responses'], ['prompt-token-mean', 'mean over the tokens of each prompt'], ['token-sum', 'sum over all tokens'],
];
const ratios: readonly (readonly [RatioSpec['level'], string])[] = [
  ['none', 'none'], ['token', 'per token'], ['sequence-mean', 'per response, geometric mean'], ['sequence-product', 'per response, product'], ['sequence-token', 'per response, own gradient'],
];
const regions: readonly (readonly [RegionSpec['kind'], string])[] = [
  ['none', 'none'], ['clip', 'clip'], ['cispo', 'clipped weight (CISPO)'], ['sapo', 'soft gate (SAPO)'], ['gmpo', 'clipped geometric mean (GMPO)'],
];
const baselines: readonly (readonly [string, string])[] = [['group-mean', 'group mean'], ['leave-one-out', 'mean of the others'], ['batch-mean', 'batch mean'], ['none', 'none']];

const freshRegion = (kind: RegionSpec['kind'], low: number, high: number): RegionSpec =>
  kind === 'clip' ? { kind, low, high } : kind === 'cispo' ? { kind, lower: 1 - low, upper: 1 + high } : kind === 'sapo' ? { kind, tauPositive: 1, tauNegative: 1.05 }
    : kind === 'gmpo' ? { kind, low, high } : { kind: 'none' };

/** What the glossary calls a knob, where that is not the knob's own name. */
const words: Record<string, string> = { std: 'standard deviation', ratio: 'importance ratio', region: 'trust region', low: 'clip', high: 'clip', lower: 'clip', upper: 'clip', beta: 'KL penalty' };

/** Sliders and choices for every part of an objective that the data can follow. */
export class Knobs {
  readonly widget = h('fieldset', { class: 'knobs', 'data-added': true });
  private readonly settle = rove(this.widget);
  private draft: Draft;

  constructor(private readonly original: ObjectiveSpec, private readonly others: readonly ObjectiveSpec[], private readonly available: Available,
    private readonly change: (spec: ObjectiveSpec, settled: boolean) => void, private readonly explain: (word: string) => string) {
    this.draft = { ...original };
    this.build();
  }

  get spec(): ObjectiveSpec { return this.draft; }

  /** The objective as it was. */
  reset(): void { this.set({ ...this.original }); }

  set(spec: ObjectiveSpec): void {
    this.draft = { ...spec };
    this.build();
    this.change(this.draft, true);
  }

  private update(parts: Partial<Draft>, settled: boolean, rebuild = false): void {
    Object.assign(this.draft, parts, { name: `${this.original.name}, changed` });
    if (rebuild) this.build();
    this.change(this.draft, settled);
  }

  private build(): void {
    const focused = (this.widget.contains(document.activeElement) ? document.activeElement?.getAttribute('data-knob') : null) ?? null;
    put(this.widget, h('legend', { class: 'gone' }, 'what if'), ...this.choices(), ...this.sliders(), button('as it was', () => this.reset(), { 'data-knob': 'reset' }));
    for (const knob of findAll<HTMLElement>(this.widget, '[data-knob]')) { const label = find<HTMLElement>(knob.parentElement!, 'label'); const said = this.explain(words[knob.dataset.knob!] ?? knob.dataset.knob!); if (label && said) label.title = said; }
    this.settle();
    if (focused) find<HTMLElement>(this.widget, `[data-knob="${focused}"]`)?.focus();
  }

  private choices(): HTMLElement[] {
    const { draft, available } = this, list: HTMLElement[] = [];
    const named = [this.original, ...this.others.filter(o => o.name !== this.original.name)];
    const at = named.findIndex(o => o.name === draft.name);
    list.push(this.choice('algorithm', 'algorithm', [...named.map((o, i) => [String(i), o.name] as const), ...(at < 0 ? [['-1', 'changed by hand'] as const] : [])], String(at),
      i => { const chosen = named[Number(i)]; if (chosen) this.set(chosen); }));
    if (draft.preference) return list;
    const outcome = draft.advantage.kind === 'outcome';
    if (outcome && available.groups && draft.advantage.baseline !== 'greedy' && draft.advantage.baseline !== 'length-weighted')
      list.push(this.choice('baseline', 'baseline', baselines, draft.advantage.baseline ?? 'none', baseline => this.update({ advantage: { ...draft.advantage, baseline: baseline as never } }, true, true)));
    if (outcome && (draft.advantage.baseline === 'group-mean' || draft.advantage.scale === 'group-std')) list.push(this.check('std', '÷ std', draft.advantage.scale === 'group-std',
      on => this.update({ advantage: { ...draft.advantage, scale: on ? 'group-std' : 'none', epsilon: draft.advantage.epsilon ?? 1e-6, ddof: draft.advantage.ddof ?? 1 } }, true)));
    if (available.truncated) list.push(this.check('truncated', 'leave out cut responses', !!draft.masks?.truncated, truncated => this.update({ masks: { ...this.draft.masks, truncated } }, true)));
    list.push(this.choice('ratio', 'ratio', ratios, draft.ratio.level, level => this.ratio(level as RatioSpec['level'])));
    if (draft.ratio.level !== 'none') list.push(this.choice('region', 'trust region', regions.filter(([kind]) => kind !== 'gmpo' || available.complete), draft.region.kind,
      kind => this.update({ region: freshRegion(kind as never, 0.2, 0.2), covariance: null }, true, true)));
    list.push(this.choice('aggregation', 'aggregation', aggregations, draft.aggregation.kind, kind => this.update({ aggregation: { ...draft.aggregation, kind: kind as never, divisor: null } }, true, true)));
    return list;
  }

  private ratio(level: RatioSpec['level']): void {
    this.update({ ratio: { ...this.draft.ratio, level, onPolicy: null }, covariance: null, ...(level === 'none' ? { region: { kind: 'none' } as const } : {}) }, true, true);
  }

  private sliders(): HTMLElement[] {
    const { draft, available } = this, list: HTMLElement[] = [];
    const region = (parts: object) => (settled: boolean): void => this.update({ region: { ...this.draft.region, ...parts } as RegionSpec }, settled);
    const r = draft.region, paired = draft.preference, price = draft.covariance?.price;
    if (paired) return [this.slider('beta', 'β', paired.beta, 0.01, 1, 0.01, (beta, settled) => this.update({ preference: { ...paired, beta } }, settled))];
    if (draft.covariance) {
      const covariance = (parts: object, settled: boolean): void => this.update({ covariance: { ...this.draft.covariance!, ...parts } }, settled);
      list.push(this.slider('share', 'share of tokens', draft.covariance.share, 0, 0.1, 0.0002, (share, settled) => covariance({ share }, settled)));
      if (price != null) list.push(this.slider('price', 'price of a nat', price, 0, 5, 0.05, (price, settled) => covariance({ price }, settled)));
    }
    if (r.kind === 'clip' || r.kind === 'gmpo') {
      const log = r.kind === 'gmpo' ? ' (log units)' : '';
      list.push(this.slider('low', 'ε_low' + log, r.low, 0, r.kind === 'gmpo' ? 2 : 0.99, 0.01, (low, settled) => region({ low })(settled)));
      list.push(this.slider('high', 'ε_high' + log, r.high, 0, 2, 0.01, (high, settled) => region({ high })(settled)));
      if (r.kind === 'clip' && r.dual != null) list.push(this.slider('dual', 'c', r.dual, 1.01, 10, 0.01, (dual, settled) => region({ dual })(settled)));
    } else if (r.kind === 'cispo') {
      list.push(this.slider('lower', 'lowest weight', r.lower, 0, 1, 0.01, (lower, settled) => region({ lower })(settled)));
      list.push(this.slider('upper', 'highest weight', r.upper, 1, 10, 0.05, (upper, settled) => region({ upper })(settled)));
    } else if (r.kind === 'sapo') {
      list.push(this.slider('tauPositive', 'τ for A > 0', r.tauPositive, 0.1, 5, 0.05, (tauPositive, settled) => region({ tauPositive })(settled)));
      list.push(this.slider('tauNegative', 'τ for A < 0', r.tauNegative, 0.1, 5, 0.05, (tauNegative, settled) => region({ tauNegative })(settled)));
    }
    if (available.reference) list.push(this.slider('beta', 'β', draft.kl?.beta ?? 0, 0, 0.5, 0.005,
      (beta, settled) => this.update({ kl: beta === 0 ? null : { estimator: 'k3', ...this.draft.kl, beta } }, settled)));
    const advantage = (parts: object, settled: boolean): void => this.update({ advantage: { ...this.draft.advantage, ...parts } }, settled);
    if (draft.advantage.kind === 'gae' || draft.advantage.kind === 'return')
      list.push(this.slider('gamma', 'γ', draft.advantage.gamma ?? 1, 0, 1, 0.01, (gamma, settled) => advantage({ gamma }, settled)));
    if (draft.advantage.kind === 'gae')
      list.push(this.slider('lambda', 'λ', draft.advantage.lambda ?? 1, 0, 1, 0.01, (lambda, settled) => advantage({ lambda }, settled)));
    if (draft.aggregation.kind === 'constant' && draft.aggregation.length != null)
      list.push(this.slider('length', 'length constant', draft.aggregation.length, 1, Math.max(64, 2 * draft.aggregation.length), 1,
        (length, settled) => this.update({ aggregation: { ...this.draft.aggregation, length } }, settled)));
    return list;
  }

  private choice(key: string, label: string, options: readonly (readonly [string, string])[], value: string, change: (value: string) => void): HTMLElement {
    const field = choice(label, options, value, change);
    find<HTMLElement>(field, 'select')!.dataset.knob = key;
    return field;
  }

  private check(key: string, label: string, on: boolean, change: (on: boolean) => void): HTMLElement {
    const id = freshId('check'), box = h('input', { type: 'checkbox', id, 'data-knob': key, change: () => change(box.checked) });
    box.checked = on;
    return h('span', { class: 'field' }, box, h('label', { for: id }, label));
  }

  private slider(key: string, label: string, value: number, min: number, max: number, step: number, change: (value: number, settled: boolean) => void): HTMLElement {
    const id = freshId('slider'), output = h('output', { for: id }, short(value));
    // A value beyond the usual range keeps its place: the range grows.
    const input = h('input', { type: 'range', id, min, max: Math.max(max, value), step, 'data-knob': key,
      input: () => { output.textContent = short(Number(input.value)); change(Number(input.value), false); },
      change: () => change(Number(input.value), true) });
    input.value = String(value);
    return h('span', { class: 'field slide' }, h('label', { for: id }, label), input, output);
  }
}
