import type { Evaluation } from '../core/objective.js';
import type { ObjectiveSpec } from '../core/spec.js';
import { find, h, meaning, put, sweep } from '../dom/make.js';
import { share, short, signed } from '../dom/numbers.js';
import { unpackText, type TokenPayload } from '../dom/payload.js';
import { Announcer } from '../dom/toolbar.js';
import type { Colour } from './colouring.js';
import { Knobs, type Tried } from './knobs.js';
import { column } from './table-builder.js';
import { TokenModel } from './token-model.js';
import { InteractiveTokens } from './token-table.js';

/** Knobs on an objective, and the two sets of numbers: as it was, and as it would have been. */
export class WhatIf {
  readonly knobs: Knobs;
  /** The knobs, the two sets of numbers, and what cannot be tried. */
  readonly elements: HTMLElement[];
  private readonly table = h('table', { class: 'both' });
  private readonly head = column('');
  private readonly cells: HTMLElement[] = [];
  /** Why what was asked for has no numbers. */
  private readonly refusal = h('p', { class: 'note', role: 'status', 'data-added': true });
  private frame = 0;
  private settle: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly model: TokenModel, others: readonly ObjectiveSpec[], without: readonly string[], private readonly announcer: Announcer, private readonly repaint: (numbers: boolean) => void, explain: (word: string) => string) {
    this.knobs = new Knobs(model.original!.spec, others, (tried, settled) => this.apply(tried, settled), explain);
    this.build();
    this.show();
    this.elements = [this.knobs.widget, this.refusal, h('div', { class: 'scroll', 'data-added': true }, this.table)];
    if (without.length) this.elements.push(h('details', { class: 'without', 'data-added': true }, h('summary', {}, 'algorithms that cannot be tried on these rollouts'), ...without.map(why => h('p', { class: 'note' }, why))));
  }

  retire(): void {
    cancelAnimationFrame(this.frame);
    if (this.settle) clearTimeout(this.settle);
  }

  private apply(tried: Tried, settled: boolean): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.recompute(tried));
    if (this.settle) clearTimeout(this.settle);
    // Numbers change the layout of thousands of tokens, so they follow when the slider rests; colours follow every move.
    this.settle = setTimeout(() => {
      this.repaint(true);
      if (settled) this.announcer.say(this.sentence());
    }, settled ? 30 : 150);
  }

  /** Evaluates and recolours at once. Public for the benchmark. */
  recompute(tried: Tried): void {
    try {
      this.model.evaluation = this.model.evaluate(tried);
      this.refusal.textContent = '';
    } catch (error) {
      this.refusal.textContent = `This cannot be tried: ${error instanceof Error ? error.message : String(error)}`;
      return;
    }
    this.repaint(false);
    this.show();
  }

  private sentence(): string {
    const now = this.model.evaluation!, was = this.model.original!;
    return `objective ${short(level(was, was.objective))} before, ${short(level(now, now.objective))} now; clipped ${share(was.clipFraction)} before, ${share(now.clipFraction)} now`;
  }

  private build(): void {
    const was = this.model.original!, cell = (): HTMLElement => h('td', { class: 'num' }, '');
    put(this.table, h('caption', { class: 'gone' }, 'the objective as it was, and as it would have been'),
      h('thead', {}, h('tr', {}, column('over the tokens shown', null), column(was.spec.name),
        this.head, column('difference'))),
      h('tbody', { class: 'rows' }, ...lines.map(([name, of, write]) => {
        const now = cell(), gap = cell();
        this.cells.push(now, gap);
        return h('tr', {}, h('th', { scope: 'row' }, name), h('td', { class: 'num' }, write(of(was))), now, gap);
      })));
  }

  private show(): void {
    const was = this.model.original!, now = this.model.evaluation!;
    write(this.head, was.spec.name === now.spec.name ? 'now' : now.spec.name);
    lines.forEach(([, of, text], i) => {
      const [a, b] = [of(was), of(now)];
      write(this.cells[2 * i]!, text(b));
      write(this.cells[2 * i + 1]!, a === b ? '=' : text === share ? share(b - a) : signed(b - a));
    });
  }
}

/** What is compared: name, number, how it is written. */
const lines: readonly (readonly [string, (e: Evaluation) => number, (x: number) => string])[] = [
  ['objective', e => level(e, e.objective), short], ['clipped', e => e.clipFraction, share], ['without gradient', e => e.withoutGradient, share],
  ['sum of weights', e => level(e, total(e.weight, x => x)), short], ['sum of their sizes', e => total(e.weight, Math.abs), short],
];

/** Touches the page only where something has changed: these cells are written at every move of a slider. */
function write(cell: HTMLElement, text: string): void {
  if (cell.textContent !== text) cell.textContent = text;
}

/** What is left of a sum that cancels is 0 to a reader. */
const level = (e: Evaluation, sum: number): number => Math.abs(sum) < 1e-12 * total(e.weight, Math.abs) ? 0 : sum;

function total(weights: Float64Array, of: (x: number) => number): number {
  let sum = 0;
  for (const w of weights) sum += of(w);
  return sum;
}

/** The objectives that can be tried. */
export const othersOf = (data: Pick<TokenPayload, 'others'>): ObjectiveSpec[] => data.others?.length ? unpackText<ObjectiveSpec[]>(data.others) : [];

export function whatIf(view: HTMLElement, payload: unknown): (() => void) | void {
  const data = payload as TokenPayload, model = new TokenModel(data);
  if (model.tokens === 0) return;
  const tokens = new InteractiveTokens(view, model, (data.colour ?? 'weight') as Colour);
  const bar = find(view, '.bar')!;
  if (!model.original) {
    const why = h('p', { class: 'note', 'data-added': true }, data.why);
    bar.before(why);
    return () => { tokens.retire(); why.remove(); };
  }
  const what = new WhatIf(model, othersOf(data), data.without ?? [], tokens.announcer, numbers => tokens.repaint(numbers), word => meaning(view, word));
  bar.before(...what.elements);
  return () => {
    what.retire();
    tokens.retire();
    sweep(view);
  };
}
