import { find, findAll, freshId, h, meaning, put, sweep } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { type Packed, type TokenPayload } from '../dom/payload.js';
import { button, toolbar } from '../dom/toolbar.js';
import type { Colour } from './colouring.js';
import { Curves, modelOf } from './curves.js';
import { FormulaPane } from './formula-pane.js';
import { nearest, valueAt, type MetricText } from './run-model.js';
import { buildTable } from './table-builder.js';
import { TokenModel } from './token-model.js';
import { InteractiveTokens } from './token-table.js';
import type { Tried } from './knobs.js';
import { othersOf, WhatIf } from './what-if.js';

interface ExplorerPayload {
  readonly step: number;
  readonly token: [number, number] | null;
  readonly numbers: number[];
  readonly rollouts: number[];
  readonly first: number[];
  readonly metrics: MetricText[];
  readonly curves: Packed;
  readonly tokens: Record<string, TokenPayload>;
  readonly window?: number;
  readonly objective?: TokenPayload['objective'];
  readonly others?: TokenPayload['others'];
  readonly without?: string[];
}

/** Overview, step, token and formula, connected: whatever is chosen in one pane is shown in all. */
class Explorer {
  private readonly curves: Curves;
  private readonly inspector: HTMLElement;
  private readonly formulas: FormulaPane;
  private readonly withTokens: number[];
  private readonly input: HTMLInputElement;
  private readonly bar: HTMLElement;
  private readonly said = h('p', { class: 'note', role: 'status', 'data-added': true });
  private tokens: InteractiveTokens | null = null;
  private what: WhatIf | null = null;
  private index: number;
  /** True when the panes no longer show what C# has written. */
  private moved: boolean;
  private colour: Colour = 'weight';

  constructor(
    private readonly view: HTMLElement,
    private readonly data: ExplorerPayload,
  ) {
    // A view that was moved on the page stays where its reader had left it.
    this.index = Number(view.dataset.step ?? data.step);
    this.moved = !!view.dataset.step;
    if (data.objective)
      for (const [index, payload] of Object.entries(data.tokens)) data.tokens[index] = { ...payload, objective: data.objective };
    this.withTokens = Object.keys(data.tokens)
      .map(Number)
      .sort((a, b) => a - b);
    this.inspector = find<HTMLElement>(view, '.inspector')!;
    this.formulas = new FormulaPane(find<HTMLElement>(view, '.formulas')!);
    const shown = findAll(view, '.overview figure.panel').map(f => f.getAttribute('data-metric') ?? '');
    this.curves = new Curves(
      find<HTMLElement>(view, '.overview')!,
      modelOf(view, {
        kept: this.withTokens.length < data.numbers.length ? this.withTokens.map(i => data.numbers[i]!) : [],
        metrics: data.metrics,
        shown,
        window: data.window ?? 1,
        selected: data.numbers[this.index] ?? null,
        rollouts: data.first.every(f => f) ? [] : data.numbers.filter((_, i) => data.first[i]),
        series: [{ ...data.curves, label: '', seeds: 1, steps: data.numbers }],
      }),
    );
    this.curves.onPick = step => this.pick(nearest(this.data.numbers, step));
    const id = freshId('step');
    this.input = h('input', {
      type: 'number',
      id,
      min: data.numbers[0],
      max: data.numbers[data.numbers.length - 1],
      change: () => this.pick(nearest(this.data.numbers, Number(this.input.value))),
    });
    this.bar = toolbar(
      'choose a step',
      button('◀', () => this.open(this.index - 1), { 'aria-label': 'previous step' }),
      h('span', { class: 'field' }, h('label', { for: id }, 'step'), this.input),
      button('▶', () => this.open(this.index + 1), { 'aria-label': 'next step' }),
      button('previous with tokens', () => this.jump(-1)),
      button('next with tokens', () => this.jump(1)),
    );
    this.inspector.prepend(this.bar, this.said);
    for (const metric of data.metrics) {
      const name = find<HTMLElement>(this.inspector, `.facts [data-metric="${CSS.escape(metric.key)}"] dt`);
      if (name) name.title = metric.meaning;
    }
    this.settle();
    const first = data.token && this.tokens ? this.tokenAt(...data.token) : -1;
    if (first >= 0) this.tokens!.grid.stop(first);
  }

  retire(): void {
    this.curves.retire();
    this.what?.retire();
    this.tokens?.retire();
    sweep(this.view);
  }

  /** Opens the step that was asked for, or the nearest that keeps its tokens, and says so. */
  private pick(index: number): void {
    if (!this.withTokens.length || this.data.tokens[index]) {
      this.open(index);
      return;
    }
    const kept = this.withTokens[nearest(this.withTokens, index)]!;
    this.open(kept);
    this.said.textContent = `Step ${this.data.numbers[index]} keeps no tokens; this is step ${this.data.numbers[kept]}, the nearest that does.`;
    this.curves.announcer.say(this.said.textContent);
  }

  /** Shows a step in all panes. */
  open(index: number): void {
    const to = Math.max(0, Math.min(this.data.numbers.length - 1, index));
    this.said.textContent = '';
    if (to === this.index) {
      this.settle();
      return;
    }
    this.index = to;
    this.moved = true;
    this.view.dataset.step = String(to);
    this.curves.select(this.data.numbers[to]!);
    this.head();
    this.facts();
    this.table();
    this.settle();
    this.curves.announcer.say(`step ${this.data.numbers[to]}${this.data.tokens[to] ? '' : ', without tokens'}`);
  }

  private settle(): void {
    this.input.value = String(this.data.numbers[this.index]);
    const buttons = findAll<HTMLButtonElement>(this.bar, 'button');
    buttons[0]!.disabled = this.index === 0;
    buttons[1]!.disabled = this.index === this.data.numbers.length - 1;
    buttons[2]!.disabled = !this.withTokens.some(i => i < this.index);
    buttons[3]!.disabled = !this.withTokens.some(i => i > this.index);
    if (!this.tokens && this.data.tokens[this.index]) this.enhance(this.data.tokens[this.index]!);
  }

  private jump(by: 1 | -1): void {
    const to = by > 0 ? this.withTokens.find(i => i > this.index) : [...this.withTokens].reverse().find(i => i < this.index);
    if (to !== undefined) this.open(to);
  }

  private head(): void {
    const rollout = this.data.rollouts[this.index],
      head = find(this.inspector, 'p.head');
    const step = head?.querySelector('.step'),
      sub = head?.querySelector('.sub');
    if (step) step.textContent = `Step ${this.data.numbers[this.index]}`;
    if (sub) sub.textContent = `rollout ${rollout}${this.data.first[this.index] ? ', first pass' : ''}`;
  }

  private facts(): void {
    const list = find(this.inspector, 'dl.facts');
    if (!list) return;
    list.replaceChildren(
      ...this.data.metrics.map(metric => {
        const value = valueAt(this.curves.model.lines(metric.key)[0]!, this.index);
        return h(
          'div',
          { 'data-metric': metric.key },
          h('dt', { title: metric.meaning }, metric.unit ? `${metric.label}, ${metric.unit}` : metric.label),
          h('dd', {}, short(value)),
        );
      }),
    );
  }

  /** The step's tokens, or where the nearest are. */
  private table(): void {
    const spec = this.what && this.tokens!.model.evaluation !== this.tokens!.model.original ? this.what.knobs.tried : null;
    this.what?.retire();
    this.tokens?.retire();
    this.what = this.tokens = null;
    for (const old of findAll(this.inspector, ':scope > .scroll, :scope > p.note:not([role]), :scope > details')) old.remove();
    const payload = this.data.tokens[this.index];
    if (!payload) {
      // No card outlives its step.
      put(
        find(this.view, '.formulas')!,
        h('p', { class: 'note' }, 'The step that is open keeps no tokens, so there is no formula to fill in.'),
      );
      const at = this.withTokens.length ? this.withTokens[nearest(this.withTokens, this.index)]! : -1;
      this.inspector.append(
        h(
          'p',
          { class: 'note' },
          at < 0 ? 'This run keeps no tokens, only metrics.' : 'This step keeps no tokens here. ',
          at >= 0 && button(`nearest step that has them: ${this.data.numbers[at]}`, () => this.open(at)),
        ),
      );
      return;
    }
    const model = new TokenModel(payload);
    const table = buildTable(model, model.original?.spec.name ?? 'tokens', this.colour);
    for (const head of findAll<HTMLElement>(table, 'thead th'))
      head.title = meaning(this.view, head.textContent!.split(' in ')[0]!.split(' ').pop());
    this.inspector.append(table, ...(payload.notes ?? []).map(note => h('p', { class: 'note' }, note)));
    this.enhance(payload, model, spec);
  }

  private enhance(payload: TokenPayload, model = new TokenModel(payload), spec: Tried | null = null): void {
    if (model.tokens === 0) return;
    const table = find(this.inspector, ':scope > .scroll:not([data-added])'),
      tokens = (this.tokens = new InteractiveTokens(this.inspector, model, (payload.colour ?? 'weight') as Colour));
    const pane = find<HTMLElement>(this.view, '.formulas')!;
    tokens.panel.full = () => pane.offsetLeft < this.inspector.offsetLeft + this.inspector.offsetWidth / 2;
    tokens.onPoint = token => {
      if (token !== null) this.formulas.show(model, token);
    };
    // What C# has drawn is right as it is; what a script has drawn, or changed before the view was copied, is painted.
    if (table?.hasAttribute('data-drawn')) tokens.repaint(true);
    const strongest = this.strongest(model);
    tokens.grid.stop(strongest);
    if (this.moved || spec) this.formulas.show(model, strongest);
    if (!model.original) {
      if (payload.why)
        find(this.inspector, '.bar:not(:first-child)')!.before(h('p', { class: 'note', 'data-added': true }, payload.why));
      return;
    }
    const open = h('details', { 'data-added': true }, h('summary', {}, 'What if …'));
    // Built when it is first opened: most readers of a step never ask.
    const build = (): WhatIf => {
      if (this.what) return this.what;
      table?.setAttribute('data-drawn', '');
      const what = (this.what = new WhatIf(
        model,
        othersOf(this.data),
        this.data.without ?? [],
        tokens.announcer,
        numbers => {
          tokens.repaint(numbers);
          if (numbers && tokens.grid.focused >= 0) this.formulas.show(model, tokens.grid.focused);
        },
        word => meaning(this.view, word),
      ));
      open.append(...what.elements);
      return what;
    };
    open.addEventListener('toggle', () => {
      if (open.open && this.tokens === tokens) build();
    });
    find(this.inspector, '.bar:not(:first-child)')!.before(open);
    if (spec) {
      open.open = true;
      build().knobs.set(spec);
    }
  }

  /** The token that is pushed hardest: where a reader should look first. */
  private strongest(model: TokenModel): number {
    const weight = model.column('weight');
    let best = 0;
    for (let t = 1; weight && t < model.tokens; t++) if (Math.abs(weight[t]!) > Math.abs(weight[best]!)) best = t;
    return best;
  }

  private tokenAt(response: number, position: number): number {
    const { rowIds, rowStarts } = this.tokens!.model.data,
      row = rowIds.indexOf(response);
    return row < 0 || rowStarts[row]! + position >= rowStarts[row + 1]! ? -1 : rowStarts[row]! + position;
  }
}

export function explorer(view: HTMLElement, payload: unknown): (() => void) | void {
  if (!find(view, '.panes')) return;
  const instance = new Explorer(view, payload as ExplorerPayload);
  return () => instance.retire();
}
