import { valueAt, type Evaluation } from '../core/objective.js';
import type { LineSpec, MathSpec } from '../core/spec.js';
import { findAll, h, m, put } from '../dom/make.js';
import { short, signed } from '../dom/numbers.js';
import { numbers } from './panel.js';
import type { TokenModel } from './token-model.js';
import { pairOf, reasons } from './why.js';

/** The objective's own formulas with one token's numbers at the places that C# has left for them. */
export class FormulaPane {
  constructor(private readonly pane: HTMLElement) {}

  show(model: TokenModel, token: number): void {
    const row = model.rowOf(token), response = model.data.rowIds[row]!, weight = model.column('weight')?.[token], e = model.evaluation;
    const head = h('p', { class: 'head' }, 'Token ', h('span', { class: 'mono' }, model.symbol(token)), ' ',
      h('span', { class: 'sub' }, `number ${token - model.data.rowStarts[row]! + 1} of response ${response + 1}${weight === undefined ? '' : `: w = ${signed(weight)}`}`));
    const columns = h('dl', { class: 'facts' }, ...numbers(model, token).map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text)))), list = h('ol', { class: 'why' });
    for (const { part, text, bites, line } of reasons(model, token)) {
      const item = h('li', { 'data-part': part, class: bites ? 'bites' : null }, h('p', {}, h('b', {}, part), ' ', h('span', { class: 'sub' }, text)));
      if (e && line?.math) item.append(formula(line, model, e, token));
      if (e && line && line.tree?.[0] === 'fold' && line.tree[1] === 'Sum' && /^ThisAndLater|^UntilMasked/.test(line.tree[2])) item.append(terms(line, model, e, token));
      list.append(item);
    }
    put(this.pane, head, columns, list, sampling(model, row));
    this.pane.scrollTop = 0;
  }
}

function formula(line: LineSpec, model: TokenModel, e: Evaluation, token: number): HTMLElement {
  const [written, places, trees, branches] = line.math!, pair = pairOf(model, e, token), at = (tree: LineSpec['tree']): number => valueAt(e, line, tree!, token, pair), row = m('mrow', {}, element(written), ...(places ? [m('mo', {}, '='), element(places)] : []));
  for (const letter of findAll(row, 'mi')) {
    const place = /^⟪(\d+)⟫$/.exec(letter.textContent ?? '');
    if (place) letter.replaceWith(number(at(trees[+place[1]!]), !!letter.previousElementSibling));
  }
  const marked = findAll(row, '.changed');
  branches.forEach(([a, b, smaller], n) => {
    const second = smaller ? at(b) < at(a) : at(b) > at(a), pair = marked.slice(2 * n, 2 * n + 2);
    for (const branch of pair) branch.removeAttribute('class');
    const won = pair[second ? 1 : 0];
    won?.setAttribute('class', 'won');
    won?.append(m('mo', {}, '✓'));
  });
  // Two numbers side by side need a visible sign between them.
  for (const sign of findAll(row, 'mo')) if (sign.textContent === '\u2062') sign.textContent = '·';
  if (line.tree) row.append(m('mo', {}, '='), number(at(line.tree)));
  return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `Formula of ${line.part}` }, m('math', { display: 'block' }, row));
}

const element = ([name, attributes, ...content]: MathSpec): Element => m(name, attributes, ...content.map((c: MathSpec | string) => typeof c === 'string' ? c : element(c)));

/** A number; a negative one stands in brackets after a sign. */
function number(value: number, bracket = false): Element {
  const written = short(Math.abs(value)), [mantissa, power] = written.split('×10');
  const size = power === undefined ? m('mn', {}, written)
    : m('mrow', {}, m('mn', {}, mantissa!), m('mo', {}, '·'), m('msup', {}, m('mn', {}, '10'), m('mn', {}, power.replace('⁻', '−').replace(/[⁰-⁹¹²³]/g, d => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(d))))));
  if (!(value < 0)) return size;
  const minus = m('mo', { form: 'prefix' }, '−');
  return bracket ? m('mrow', {}, m('mo', {}, '('), minus, size, m('mo', {}, ')')) : m('mrow', {}, minus, size);
}

/** A sum over later tokens, term by term to the end of the response: x_t + γ·x_{t+1} + … */
function terms(line: LineSpec, model: TokenModel, e: Evaluation, token: number): HTMLElement {
  const body = line.tree![3] as any[], factors: any[] = body[0] === '*' ? body.slice(1) : [body], later = factors.find(f => f[0] === 'Power' && /Later$/.test(f[2][1]));
  const rest = factors.filter(f => f !== later), end = model.data.rowStarts[model.rowOf(token) + 1]!, list = h('ul', { class: 'terms' });
  const name = rest.length === 1 && rest[0][0] === 'd' ? rest[0][1] : 'term', decay = later ? valueAt(e, line, later[1], token) : 1, places = later?.[2][1] === 'PlacesLater';
  let factor = 1;
  for (let t = token; t < end; t++) {
    if (model.isActive(t)) {
      const x = rest.reduce((product, f) => product * valueAt(e, line, f, t), 1);
      if (t - token < 12) list.append(h('li', {}, h('span', { class: 'mono' }, model.symbol(t)), ` ${name} = ${short(x)}; counts ${short(factor)}, adds ${short(factor * x)}`));
    } else if (!places) continue;
    factor *= decay;
  }
  list.append(h('li', {}, `sum ${short(valueAt(e, line, line.tree!, token))}`));
  return list;
}

/** Dynamic sampling keeps a group only when its rewards differ: the condition, on this token's group. */
function sampling(model: TokenModel, row: number): HTMLElement | null {
  const group = model.groupOf(row), from = model.data.groupStarts[group]!, to = model.data.groupStarts[group + 1]!;
  if (to - from < 2 || !model.evaluation?.advantage) return null;
  const rewards = model.data.rewards.slice(from, to), low = Math.min(...rewards), high = Math.max(...rewards), best = rewards.filter(r => r === high).length;
  return h('p', { class: 'note' }, low === high
    ? `Dynamic sampling: all ${rewards.length} rewards of this group are ${short(high)}, so 0 < #best < G does not hold and the group would be replaced.`
    : `Dynamic sampling: 0 < ${best} < ${rewards.length} responses of this group have the best reward ${short(high)}, so the group would be kept.`);
}
