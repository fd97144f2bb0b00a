import { Side } from '../core/columns.js';
import { find, h } from '../dom/make.js';
import { share, short, signed } from '../dom/numbers.js';
import { unpack, type Packed, type TokenPayload } from '../dom/payload.js';
import { Tip } from '../dom/tip.js';
import { Announcer } from '../dom/toolbar.js';
import { Colouring } from './colouring.js';
import { column } from './table-builder.js';
import { TokenGrid } from './token-grid.js';
import { TokenModel } from './token-model.js';

/** The responses once, and what each objective makes of them: its parts, or its numbers where they cannot be computed here. */
interface ComparedPayload extends TokenPayload {
  readonly sides: ({ readonly name: string; readonly objective?: TokenPayload['objective'] } & Partial<Packed>)[];
}

const hint =
  'Point at a token, or press Tab and move with the arrow keys: what each objective makes of the same token appears beside it, and up and down lead from one to the next. A click keeps it there; Escape closes it.';

/** The same token under every objective: pointed at in one row, marked in all of them, and explained side by side. */
class ComparedTokens {
  private readonly models: TokenModel[];
  private readonly limits: number[];
  private readonly grid: TokenGrid;
  private readonly panel = new Tip('the same token under every objective', () => this.grid.tokens[this.grid.focused]?.focus());
  private readonly announcer = new Announcer();
  private linked: HTMLElement[] = [];
  private readonly added: HTMLElement[];

  constructor(
    private readonly view: HTMLElement,
    private readonly data: ComparedPayload,
  ) {
    const shared = unpack(data);
    this.models = data.sides.map(
      side =>
        new TokenModel(
          { ...data, objective: side.objective ?? null },
          side.packed ? unpack(side as Packed, Object.create(shared)) : shared,
        ),
    );
    this.limits = this.models.map(model => Colouring.largest('weight', model.column('weight') ?? []));
    // The summary above has rows, too; they hold no tokens.
    const scroll = find(view, '.below.scroll')! as HTMLElement;
    this.grid = new TokenGrid(scroll, (token, how) => this.select(token, how));
    scroll.removeAttribute('tabindex');
    this.added = [h('p', { class: 'note hint', 'data-added': true }, hint), this.panel.widget, this.announcer.widget];
    scroll.after(...this.added);
    this.panel.widget.classList.add('inspect');
  }

  retire(): void {
    this.grid.retire();
    this.link([]);
    this.panel.retire();
    for (const element of this.added) element.remove();
  }

  private select(at: number | null, how: 'focus' | 'hover' | 'pin'): void {
    if (how === 'hover' && this.panel.pinned) return;
    if (how === 'pin') this.panel.pin();
    const shown =
      at ?? (how === 'hover' && this.grid.focused >= 0 && this.view.contains(document.activeElement) ? this.grid.focused : null);
    this.show(shown, how === 'focus');
  }

  private link(tokens: HTMLElement[]): void {
    for (const old of this.linked) old.classList.remove('linked');
    for (const token of (this.linked = tokens)) token.classList.add('linked');
  }

  private show(at: number | null, said = false): void {
    if (at === null) {
      this.link([]);
      this.panel.hide();
      return;
    }
    const { starts, tokens } = this.grid,
      sides = this.models.length;
    let row = 0;
    while (starts[row + 1]! <= at) row++;
    const place = at - starts[row]!,
      first = row - (row % sides),
      token = this.data.rowStarts[first / sides]! + place,
      model = this.models[row % sides]!;
    this.link(this.models.map((_, s) => tokens[starts[first + s]! + place]!));
    const response = this.data.rowIds[first / sides]!,
      group = model.groupOf(first / sides);
    this.panel.show(
      tokens[at]!,
      h(
        'p',
        { class: 'which' },
        h('b', { class: 'mono' }, model.symbol(token)),
        ` token ${place + 1} of ${this.data.lengths[response]}, response ${response - this.data.groupStarts[group]! + 1} to `,
        h('span', { class: 'mono' }, this.data.prompts.find(p => p.group === group)?.text ?? ''),
        `, reward ${short(this.data.rewards[response]!)}`,
      ),
      h(
        'div',
        { class: 'scroll' },
        h(
          'table',
          {},
          h('caption', { class: 'gone' }, 'the same token under every objective'),
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ...['objective', 'weight', 'of its largest', 'advantage', 'ratio', 'trust region', 'counts'].map((text, i) =>
                column(text, i ? 'num' : null),
              ),
            ),
          ),
          h('tbody', { class: 'rows' }, ...this.models.map((_, s) => this.line(s, token, s === row % sides))),
        ),
      ),
    );
    if (said)
      this.announcer.say(
        `${model.symbol(token)}: ` +
          this.models.map((m, s) => `${this.data.sides[s]!.name} ${signed(m.column('weight')?.[token] ?? NaN)}`).join(', '),
      );
  }

  private line(side: number, token: number, here: boolean): HTMLElement {
    const model = this.models[side]!,
      e = model.evaluation,
      at = (column: ArrayLike<number> | null | undefined): number => column?.[token] ?? NaN;
    const weight = at(model.column('weight')),
      which = model.side(token),
      active = model.isActive(token);
    const region = !active
      ? 'masked'
      : which === Side.High
        ? 'stopped ↥'
        : which === Side.Low
          ? 'stopped ↧'
          : which
            ? 'drawn ×'
            : e && !e.spec.region
              ? 'none'
              : weight === 0
                ? 'no push'
                : 'free';
    const cells = [
      signed(weight),
      this.limits[side]! > 0 ? share(weight / this.limits[side]!) : '—',
      signed(at(model.column('advantage'))),
      e && !e.ratio ? '—' : short(at(model.column('ratio'))),
      region,
      short(at(e?.aggregation)),
    ];
    return h(
      'tr',
      { class: here ? 'this' : null },
      h('th', { scope: 'row' }, this.data.sides[side]!.name),
      ...cells.map(text => h('td', { class: 'num' }, text)),
    );
  }
}

export function comparedTokens(view: HTMLElement, payload: unknown): (() => void) | void {
  if (!find(view, '.below.scroll')) return;
  const compared = new ComparedTokens(view, payload as ComparedPayload);
  return () => compared.retire();
}
