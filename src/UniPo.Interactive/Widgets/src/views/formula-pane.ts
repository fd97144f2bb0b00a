import { deviation, mean } from '../core/advantage.js';
import type { Evaluation } from '../core/objective.js';
import { tokenRewards } from '../core/advantage.js';
import { measure } from '../core/batch.js';
import { find, findAll, h, m, put } from '../dom/make.js';
import { short, signed } from '../dom/numbers.js';
import type { TokenModel } from './token-model.js';
import { numbers } from './panel.js';
import { reasons } from './why.js';

interface Line { readonly part: string; readonly sentence: string; readonly left: Element; readonly body: Element }

/**
 * The objective's own formulas with one token's numbers in them. C# has written the formulas for one token; for another one the
 * letters of each formula are replaced by that token's numbers. A letter that is not known here stays a letter.
 */
export class FormulaPane {
  private readonly lines: Line[];

  constructor(private readonly pane: HTMLElement) {
    this.lines = findAll(pane, 'ol.why > li').flatMap(item => {
      const row = find(item, 'math mrow'), [left, , body] = Array.from(row?.children ?? []);
      return left && body ? [{ part: item.getAttribute('data-part') ?? '', sentence: find(item, '.sub')?.textContent ?? '', left, body }] : [];
    });
  }

  show(model: TokenModel, token: number): void {
    const row = model.rowOf(token), response = model.data.rowIds[row]!, weight = model.column('weight')?.[token], e = model.evaluation;
    const head = h('p', { class: 'head' }, 'Token ', h('span', { class: 'mono' }, model.symbol(token)), ' ',
      h('span', { class: 'sub' }, `number ${token - model.data.rowStarts[row]! + 1} of response ${response + 1}${weight === undefined ? '' : `: w = ${signed(weight)}`}`));
    const columns = h('dl', { class: 'facts' }, ...numbers(model, token).map(([name, text]) => h('div', {}, h('dt', {}, name), h('dd', {}, text))));
    const why = reasons(model, token), list = h('ol', { class: 'why' });
    const own = e && e === model.original && model.isActive(token) ? this.lines : [];
    for (const reason of why) {
      const item = h('li', { 'data-part': reason.part, class: reason.bites ? 'bites' : null }, h('p', {}, h('b', {}, reason.part), ' ', h('span', { class: 'sub' }, reason.text)));
      for (const line of own.filter(l => l.part === reason.part)) item.append(this.formula(line, model, e!, token));
      if (reason.part === 'advantage' && e?.spec.advantage.kind === 'gae') item.append(gae(model, e, token));
      list.append(item);
    }
    put(this.pane, head, columns, list, sampling(model, row));
    this.pane.scrollTop = 0;
  }

  private formula(line: Line, model: TokenModel, e: Evaluation, token: number): HTMLElement {
    const values = letters(model, e, token), key = text(line.left), result = values.get(key);
    const stopped = key === 'wit' && slope(e, token) === 0 && e.spec.region.kind !== 'none';
    const row = m('mrow', {}, line.left.cloneNode(true), m('mo', {}, '='));
    if (stopped) row.append(weightWhenStopped(e));
    else {
      const bound = fillIn(line.body.cloneNode(true) as Element, values);
      winner(bound, e, token);
      row.append(line.body.cloneNode(true), m('mo', {}, '='), bound);
    }
    if (result !== undefined) row.append(m('mo', {}, '='), number(result));
    return h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `Formula of ${line.part}` }, m('math', { display: 'block' }, row));
  }
}

/** What a letter of the formula stands for, by its text. */
function letters(model: TokenModel, e: Evaluation, token: number): Map<string, number> {
  const { batch, data } = model, row = model.rowOf(token), response = data.rowIds[row]!, group = model.groupOf(row), spec = e.spec;
  const from = data.groupStarts[group]!, to = data.groupStarts[group + 1]!, map = new Map<string, number>(), set = (names: string, value: number | null | undefined): void => {
    if (value != null && Number.isFinite(value)) for (const name of names.split(' ')) map.set(name, value);
  };
  set('logπθ(yit)', batch.logProbs[token]);
  set('logπold(yit)', batch.oldLogProbs[token]);
  set('logπref(yit)', batch.referenceLogProbs?.[token]);
  set('rit si', e.ratio?.[token]);
  set('Ai Ait', e.advantage[token]);
  set('fit', e.tokenObjective[token]! + (spec.kl && !spec.kl.aggregation ? spec.kl.beta * e.kl![token]! : 0));
  set('ai', e.aggregation[token]);
  set('wit', e.weight[token]);
  set('kit', e.kl?.[token]);
  set('uit', batch.referenceLogProbs ? (spec.kl ? batch.logProbs : batch.oldLogProbs)[token]! - batch.referenceLogProbs[token]! : null);
  set('β', spec.kl?.beta ?? spec.rewardKl?.beta);
  set('Ri', data.rewards[response]);
  set('N', data.totals?.responses ?? data.rewards.length);
  set('ni', data.lengths[response]);
  set('G', to - from);
  if (spec.advantage.kind === 'outcome' && !spec.rewardKl && !spec.advantage.rubric) {
    set('meang(R)', mean(data.rewards, from, to));
    set('stdg(R)', deviation(data.rewards, from, to, spec.advantage.ddof ?? 1));
  }
  set('εstd', spec.advantage.epsilon);
  set('γ', spec.advantage.gamma);
  set('λ', spec.advantage.lambda);
  if (spec.region.kind === 'clip' || spec.region.kind === 'gmpo') {
    set('εlow', spec.region.low);
    set('εhigh', spec.region.high);
    if (spec.region.low === spec.region.high) set('ε', spec.region.low);
    if (spec.region.kind === 'clip') set('c', spec.region.dual ?? spec.region.cap);
  } else if (spec.region.kind === 'cispo') { set('clow', spec.region.lower); set('chigh', spec.region.upper); }
  if (spec.aggregation.kind === 'constant') set('L', spec.aggregation.length ?? data.maxLength);
  return map;
}

const text = (node: Node): string => (node.textContent ?? '').replace(/[\u2061\u2062\s]/g, '');

/** Replaces every part of a formula whose letters are known by its number; the largest part first. */
function fillIn(node: Element, values: Map<string, number>): Element {
  const value = values.get(text(node));
  if (value !== undefined && node.localName !== 'mo' && node.localName !== 'mn') {
    const before = node.previousElementSibling;
    return number(value, !!before && !(before.localName === 'mo' && /^[([,=\u2061]$/.test(before.textContent ?? '')) && before.localName !== 'mi');
  }
  for (const child of Array.from(node.children)) {
    const filled = fillIn(child, values);
    if (filled !== child) child.replaceWith(filled);
  }
  // Two numbers side by side need a visible sign between them.
  for (const sign of Array.from(node.children)) if (sign.localName === 'mo' && sign.textContent === '\u2062') sign.textContent = '·';
  return node;
}

/** A number; a negative one stands in brackets after a sign. */
function number(value: number, bracket = false): Element {
  const written = short(Math.abs(value)), [mantissa, power] = written.split('×10');
  const size = power === undefined ? m('mn', {}, written)
    : m('mrow', {}, m('mn', {}, mantissa!), m('mo', {}, '·'), m('msup', {}, m('mn', {}, '10'), m('mn', {}, power.replace('⁻', '−').replace(/[⁰-⁹¹²³]/g, d => String('⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(d))))));
  if (value >= 0) return size;
  const minus = m('mo', { form: 'prefix' }, '−');
  return bracket ? m('mrow', {}, m('mo', {}, '('), minus, size, m('mo', {}, ')')) : m('mrow', {}, minus, size);
}

/** Marks the branch of a minimum that counts, by a colour and a tick. */
function winner(bound: Element, e: Evaluation, token: number): void {
  const minimum = [bound, ...findAll(bound, 'mrow')].find(r => r.firstElementChild?.localName === 'mi' && r.firstElementChild.textContent === 'min');
  if (!minimum || e.spec.region.kind !== 'clip') return;
  const branches = Array.from(minimum.children).filter(c => c.localName !== 'mo' && c !== minimum.firstElementChild), won = branches[e.branch[token] === 'clipped' ? 1 : 0];
  if (!won) return;
  const marked = m('mrow', { class: 'won' });
  won.replaceWith(marked);
  marked.append(won, m('mo', {}, '✓'));
}

function weightWhenStopped(e: Evaluation): Element {
  const a = m('msub', {}, m('mi', {}, 'a'), m('mi', {}, 'i')), zero = m('mn', {}, '0');
  if (!e.spec.kl) return zero;
  return m('mrow', {}, a, m('mo', {}, '·'), m('mo', {}, '['), zero, m('mo', {}, '−'), m('mi', {}, 'β'), m('mo', {}, '·'), m('msup', {}, m('mi', {}, 'k'), m('mo', {}, '′')), m('mo', {}, ']'));
}

/** The policy term's slope: 0 where a bound bites. */
const slope = (e: Evaluation, token: number): number => e.branch[token] === 'clipped' || e.branch[token] === 'dual' || e.branch[token] === 'cap' ? 0 : 1;

/** A = δ_t + γλ δ_{t+1} + …, term by term to the end of the response. */
function gae(model: TokenModel, e: Evaluation, token: number): HTMLElement {
  const { batch, data } = model, spec = e.spec.advantage, gamma = spec.gamma ?? 1, decay = gamma * (spec.lambda ?? 1), end = data.rowStarts[model.rowOf(token) + 1]!;
  const rewards = tokenRewards(e.spec, batch, measure(batch)), values = batch.oldValues!, list = h('ul', { class: 'terms' });
  let factor = 1, sum = 0;
  for (let t = token; t < end; t++) {
    if (!model.isActive(t)) continue;
    let after = t + 1;
    while (after < end && !model.isActive(after)) after++;
    const next = after < end ? values[after]! : 0, delta = rewards[t]! + gamma * next - values[t]!;
    sum += factor * delta;
    if (t - token < 12) list.append(h('li', {}, h('span', { class: 'mono' }, model.symbol(t)), ` δ = R + γ·V′ − V = ${short(rewards[t])} + ${short(gamma)}·${short(next)} − ${short(values[t])} = ${short(delta)}; counts ${short(factor)}, adds ${short(factor * delta)}`));
    factor *= decay;
  }
  list.append(h('li', {}, `sum ${short(sum)}${spec.whiten ? `, whitened ${short(e.advantage[token])}` : ''}`));
  return list;
}

/** Dynamic sampling keeps a group only when its rewards differ: the condition, on this token's group. */
function sampling(model: TokenModel, row: number): HTMLElement | null {
  const group = model.groupOf(row), from = model.data.groupStarts[group]!, to = model.data.groupStarts[group + 1]!;
  if (to - from < 2 || model.evaluation?.spec.advantage.kind !== 'outcome') return null;
  const rewards = model.rewards.slice(from, to), low = Math.min(...rewards), high = Math.max(...rewards), best = rewards.filter(r => r === high).length;
  return h('p', { class: 'note' }, low === high
    ? `Dynamic sampling: all ${rewards.length} rewards of this group are ${short(high)}, so 0 < #best < G does not hold and the group would be replaced.`
    : `Dynamic sampling: 0 < ${best} < ${rewards.length} responses of this group have the best reward ${short(high)}, so the group would be kept.`);
}
