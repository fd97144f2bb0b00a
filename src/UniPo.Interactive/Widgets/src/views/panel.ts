import { h } from '../dom/make.js';
import { share, short, signed } from '../dom/numbers.js';
import { Tip } from '../dom/tip.js';
import { colours, nameOf, type Colour } from './colouring.js';
import type { TokenModel } from './token-model.js';
import { reasons } from './why.js';

/** What a reader can do, below the table. */
export const hint =
  'Point at a token, tap it, or press Tab and move with the arrow keys: its numbers appear beside it. A click or Enter keeps them there, with the way to its weight; Escape closes them.';

/** Where the token in focus is explained, beside it: its columns, and the way from ratio to weight unless a pointer only passes by. */
export class TokenPanel extends Tip {
  constructor(
    private readonly model: () => TokenModel,
    private readonly elementOf: (token: number) => Element,
    closed: () => void,
  ) {
    super('the token in focus', closed);
    this.widget.classList.add('inspect');
  }

  /** False where the whole way stands beside the table anyway. */
  full: () => boolean = () => true;

  of(token: number | null, brief = false): void {
    if (token === null) {
      this.hide();
      return;
    }
    const model = this.model(),
      row = model.rowOf(token),
      group = model.groupOf(row),
      response = model.data.rowIds[row]!,
      first = model.data.groupStarts[group]!;
    const prompt = model.data.prompts.find(p => p.group === group)?.text ?? '';
    const head = h(
      'p',
      { class: 'which' },
      h('b', { class: 'mono' }, model.symbol(token)),
      ` token ${token - model.data.rowStarts[row]! + 1} of ${model.data.lengths[response]}, response ${response - first + 1} to `,
      h('span', { class: 'mono' }, prompt),
      `, reward ${short(model.data.rewards[response]!)}`,
    );
    const list = h('dl', {}),
      steps = h('ol', {}),
      why = reasons(model, token);
    for (const [name, text] of numbers(model, token)) list.append(h('div', {}, h('dt', {}, name), h('dd', {}, text)));
    for (const reason of brief || !this.full() ? why.slice(-1) : why)
      steps.append(h('li', { class: reason.bites ? 'bites' : null }, h('b', {}, reason.part), ' ', reason.text));
    const was = model.original,
      now = model.evaluation;
    if (was && now && was !== now)
      steps.append(h('li', {}, h('b', {}, 'before'), ` ${was.spec.name} gave it w = ${signed(was.weight[token]!)}`));
    this.show(this.elementOf(token), head, list, steps);
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
  const weight = model.column('weight'),
    list = reasons(model, token);
  const bites = list.find(r => r.bites);
  return `${model.symbol(token)}${weight ? `, weight ${signed(weight[token]!)}` : ''}${bites ? ', clipped' : ''}`;
}
