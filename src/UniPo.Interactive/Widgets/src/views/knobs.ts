import { number, settingKey, type Tree } from '../core/formula.js';
import type { ObjectiveSpec } from '../core/spec.js';
import { find, findAll, freshId, h, put } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { button, choice, rove } from '../dom/toolbar.js';

/** An objective and the settings of it that were moved, by setting. */
export interface Tried { readonly spec: ObjectiveSpec; readonly settings: Readonly<Record<string, number>> }
interface Setting { readonly key: string; readonly letter: string; readonly value: number; readonly meaning: string }

/** Every setting of an objective's formula, in the order in which a reader meets it. */
export function settingsOf(spec: ObjectiveSpec): Setting[] {
  const found = new Map<string, Setting>(), seen = new Set<string>();
  const visit = (tree: any): void => {
    if (!Array.isArray(tree)) return;
    if (tree[0] === 's') { const key = settingKey(tree as unknown as Tree); if (!found.has(key)) found.set(key, { key, letter: tree[1], value: number(tree[2]), meaning: tree[3] }); return; }
    if (tree[0] === 'd') { if (!seen.has(tree[1])) { seen.add(tree[1]); visit(spec.letters[tree[1]]![4]); } return; }
    for (const piece of tree) visit(piece);
  };
  visit(spec.j);
  return [...found.values()].filter(s => Number.isFinite(s.value));
}

/** A slider for every setting that stands in the formula, and the objectives that can take its place. */
export class Knobs {
  readonly widget = h('fieldset', { class: 'knobs', 'data-added': true });
  private readonly settle = rove(this.widget);
  private spec: ObjectiveSpec;
  private settings: Record<string, number> = {};

  constructor(private readonly original: ObjectiveSpec, private readonly others: readonly ObjectiveSpec[], private readonly change: (tried: Tried, settled: boolean) => void, private readonly explain: (word: string) => string) {
    this.spec = original;
    this.build();
  }

  get tried(): Tried {
    const name = this.spec.name + (Object.keys(this.settings).length ? ', changed' : '');
    return { spec: { ...this.spec, name }, settings: { ...this.settings } };
  }

  /** The objective as it was. */
  reset(): void { this.set({ spec: this.original, settings: {} }); }

  set({ spec, settings }: Tried): void {
    this.spec = { ...spec, name: spec.name.replace(/, changed$/, '') };
    this.settings = { ...settings };
    this.build();
    this.change(this.tried, true);
  }

  private build(): void {
    const focused = (this.widget.contains(document.activeElement) ? document.activeElement?.getAttribute('data-knob') : null) ?? null, { original, spec } = this;
    const named = [original, ...this.others.filter(o => o.name !== original.name)], variants = original.variants ?? [], at = named.findIndex(o => o.name === spec.name), other = variants.findIndex(o => `${original.name}, ${o.name}` === spec.name);
    const list = [this.choice('algorithm', 'algorithm', [...named.map((o, i) => [String(i), o.name] as const), ...(at < 0 ? [['-1', 'changed by hand'] as const] : [])], String(at), i => { if (named[+i]) this.set({ spec: named[+i]!, settings: {} }); })];
    if (variants.length) list.push(this.choice('part', 'another part', [['-1', 'as it is'], ...variants.map((o, i) => [String(i), o.name] as const)], String(other),
      i => { const part = variants[+i]; this.set({ spec: part ? { ...part, name: `${original.name}, ${part.name}` } : original, settings: this.settings }); }));
    put(this.widget, h('legend', { class: 'gone' }, 'what if'), ...list, ...settingsOf(spec).map(s => this.slider(s)), button('as it was', () => this.reset(), { 'data-knob': 'reset' }));
    for (const knob of findAll<HTMLElement>(this.widget, 'select')) { const said = this.explain(knob.dataset.knob!), label = find<HTMLElement>(knob.parentElement!, 'label'); if (label && said) label.title = said; }
    this.settle();
    if (focused) find<HTMLElement>(this.widget, `[data-knob="${focused}"]`)?.focus();
  }

  private choice(key: string, label: string, options: readonly (readonly [string, string])[], value: string, change: (value: string) => void): HTMLElement {
    const field = choice(label, options, value, change);
    find<HTMLElement>(field, 'select')!.dataset.knob = key;
    return field;
  }

  private slider({ key, letter, value, meaning }: Setting): HTMLElement {
    const id = freshId('slider'), now = this.settings[key] ?? value, size = Math.abs(value), tiny = size > 0 && size < 1e-3, output = h('output', { for: id }, short(now));
    // What was never meant to be moved far has a number field; a value beyond the usual range keeps its place.
    const most = size <= 1 ? (size > 0 && size < 0.02 ? 20 * size : 1) : 4 * size, whole = size >= 8 && Number.isInteger(value), step = whole ? 1 : size > 0 && size < 0.02 ? size / 20 : most > 2 ? 0.05 : 0.01;
    const moved = (settled: boolean): void => {
      const set = Number(input.value);
      if (!Number.isFinite(set)) return;
      output.textContent = short(set);
      if (set === value) delete this.settings[key]; else this.settings[key] = set;
      this.change(this.tried, settled);
    };
    const input: HTMLInputElement = h('input', { type: tiny ? 'number' : 'range', id, step: tiny ? 'any' : step, 'data-knob': letter, input: () => moved(false), change: () => moved(true) });
    if (!tiny) { input.min = String(value < 0 ? -most : 0); input.max = String(Math.max(most, value, now)); }
    input.value = String(now);
    return h('span', { class: 'field slide' }, h('label', { for: id, title: meaning }, letter), input, output);
  }
}
