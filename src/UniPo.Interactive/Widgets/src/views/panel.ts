import { h, put } from '../dom/make.js';
import { share, short, signed } from '../dom/numbers.js';
import { colours, nameOf, type Colour } from './colouring.js';
import type { TokenModel } from './token-model.js';
import { reasons } from './why.js';

const hint = 'Point at a token, or press Tab and move with the arrow keys: its numbers appear here, and why it has its weight.';

/** Where the token in focus is explained: all its columns, and the way from ratio to weight. */
export class TokenPanel {
  readonly widget = h('div', { class: 'inspect', 'data-added': true, role: 'group', tabindex: 0, 'aria-label': 'the token in focus' });

  constructor(private readonly model: () => TokenModel) { this.show(null); }

  show(token: number | null): void {
    const model = this.model();
    if (token === null) { put(this.widget, h('p', { class: 'note' }, hint)); return; }
    const row = model.rowOf(token), group = model.groupOf(row), response = model.data.rowIds[row]!, first = model.data.groupStarts[group]!;
    const prompt = model.data.prompts.find(p => p.group === group)?.text ?? '';
    const head = h('p', { class: 'which' }, h('b', { class: 'mono' }, model.symbol(token)),
      ` token ${token - model.data.rowStarts[row]! + 1} of ${model.data.lengths[response]}, response ${response - first + 1} to `, h('span', { class: 'mono' }, prompt),
      `, reward ${short(model.data.rewards[response]!)}`);
    const list = h('dl', {});
    for (const [name, text] of numbers(model, token)) list.append(h('div', {}, h('dt', {}, name), h('dd', {}, text)));
    const steps = h('ol', {});
    for (const reason of reasons(model, token))
      steps.append(h('li', { class: reason.bites ? 'bites' : null }, h('b', {}, reason.part), ' ', reason.text));
    const was = model.original, now = model.evaluation;
    if (was && now && was !== now)
      steps.append(h('li', {}, h('b', {}, 'before'), ` ${was.spec.name} gave it w = ${signed(was.weight[token]!)}`));
    put(this.widget, head, list, steps);
  }
}

/** Every column of a token that was measured, with its name. */
export function numbers(model: TokenModel, token: number): [string, string][] {
  const result: [string, string][] = [];
  const add = (name: string, column: ArrayLike<number> | null | undefined, write: (x: number) => string = short): void => {
    if (column && Number.isFinite(column[token]!)) result.push([name, write(column[token]!)]);
  };
  add('log π', model.batch.logProbs);
  result.push(['π', share(Math.exp(model.batch.logProbs[token]!))]);
  add('log π_old', model.batch.oldLogProbs);
  add('log π_ref', model.batch.referenceLogProbs);
  for (const colour of colours) {
    if (colour === 'logProb' || colour === 'probability') continue;
    const sign = colour === 'weight' || colour === 'advantage' || colour === 'objective';
    add(nameOf(colour), model.column(colour as Colour), sign ? signed : short);
  }
  add('aggregation', model.evaluation?.aggregation);
  return result;
}

/** One sentence for screen readers. */
export function summary(model: TokenModel, token: number): string {
  const weight = model.column('weight'), list = reasons(model, token);
  const bites = list.find(r => r.bites);
  return `${model.symbol(token)}${weight ? `, weight ${signed(weight[token]!)}` : ''}${bites ? ', clipped' : ''}`;
}
