import { find, findAll, h, meaning } from '../dom/make.js';
import { Announcer, choice, setOptions, toolbar } from '../dom/toolbar.js';
import { count } from '../dom/numbers.js';
import type { TokenPayload } from '../dom/payload.js';
import { Colouring, colours, nameOf, type Colour } from './colouring.js';
import { writeLegend } from './legend.js';
import { arrange, filters, sorts } from './order.js';
import { Painter } from './paint.js';
import { hint, summary, TokenPanel } from './panel.js';
import { advantageText } from './table-builder.js';
import { TokenGrid } from './token-grid.js';
import { TokenModel } from './token-model.js';

/** Adds colouring, sorting, filtering and the panel to a static token table. */
export class InteractiveTokens {
  readonly grid: TokenGrid;
  readonly panel: TokenPanel;
  private readonly painter: Painter;
  readonly announcer = new Announcer();
  private readonly filterField: HTMLElement;
  private colouring: Colouring;
  /** Name of the objective as C# has written it; empty for a batch without one. */
  private readonly named: string;
  private readonly added: Element[];
  private sort = 'sampled';
  private filter = 'all';
  private range: 'step' | 'fixed' = 'step';
  /** Called with the token that is pointed at or in focus, or null. */
  onPoint: (token: number | null) => void = () => undefined;

  constructor(
    private readonly view: HTMLElement,
    readonly model: TokenModel,
    colour: Colour,
  ) {
    this.grid = new TokenGrid(view, (token, how) => this.select(token, how));
    this.panel = new TokenPanel(
      () => this.model,
      token => this.grid.tokens[token]!,
      () => this.grid.tokens[this.grid.focused]?.focus(),
    );
    this.painter = new Painter(model, this.grid);
    this.colouring = model.colouring(colour, model.data.range ?? 'this step');
    const measured = colours.filter(c => model.column(c));
    this.filterField = choice('show', filters(model), 'all', key => {
      this.filter = key;
      this.arrange();
    });
    const bar = toolbar(
      'settings of the token table',
      choice(
        'colour by',
        measured.map(c => [c, nameOf(c)] as const),
        colour,
        c => this.colourBy(c),
      ),
      choice(
        'range',
        [
          ['step', 'this step'],
          ['fixed', 'keep it'],
        ],
        'step',
        range => {
          this.range = range;
          this.colourBy(this.colouring.colour);
        },
      ),
      choice('order', sorts, 'sampled', key => {
        this.sort = key;
        this.arrange();
      }),
      this.filterField,
    );
    this.named = /^(.*): .* of every token$/.exec(find(view, 'caption .title')?.textContent ?? '')?.[1] ?? '';
    const scroll = find(view, '.scroll:not([data-added])')!;
    // The tokens can be reached by keyboard now, so the box that scrolls needs no tab stop of its own.
    scroll.removeAttribute('tabindex');
    scroll.before(bar);
    const how = h('p', { class: 'note hint', 'data-added': true }, hint);
    scroll.after(how, this.panel.widget, this.announcer.widget);
    this.added = [bar, how, this.announcer.widget];
    this.twins();
  }

  retire(): void {
    this.grid.retire();
    this.panel.retire();
    this.painter.retire();
    for (const element of this.added) element.remove();
  }

  /** The objective has changed: new colours at once, numbers when there is time. */
  repaint(numbers: boolean): void {
    const colour = this.colouring.colour,
      column = this.model.column(colour);
    if (!column) return;
    this.painter.colours(this.colouring, column);
    if (!numbers) return;
    this.painter.numbers(this.colouring, column);
    this.title();
    setOptions(this.filterField, filters(this.model));
    if (this.panel.widget.matches(':popover-open') && this.grid.focused >= 0) this.panel.of(this.grid.focused);
  }

  private colourBy(colour: Colour): void {
    const same = colour === this.colouring.colour,
      column = this.model.column(colour);
    if (!column) return;
    this.colouring =
      this.range === 'fixed' && same
        ? this.model.colouring(colour, 'kept', this.colouring.limit)
        : this.model.colouring(
            colour,
            (colour === this.model.data.colour && this.model.data.range) || 'this step',
            this.limit(colour),
          );
    this.painter.colours(this.colouring, column);
    this.painter.numbers(this.colouring, column);
    const legend = find(this.view, 'caption .legend');
    if (legend) writeLegend(legend, this.colouring);
    const head = find<HTMLElement>(this.view, 'thead th:last-child');
    if (head) {
      head.textContent = this.colouring.heading;
      head.title = meaning(this.view, this.colouring.name);
    }
    this.title();
    if (!same) this.announcer.say(`coloured by ${this.colouring.name}`);
  }

  /** The caption says whose numbers these are, and each response its advantage under that objective. */
  private title(): void {
    const title = find(this.view, 'caption .title'),
      { evaluation, original } = this.model,
      advantage = this.model.column('advantage');
    if (title && this.named)
      title.textContent = `${evaluation === original ? this.named : evaluation!.spec.name}: ${this.colouring.name} of every token`;
    if (advantage)
      this.grid.rows.forEach((row, r) => {
        const cell = find(row, '[data-name=advantage]');
        if (cell) cell.textContent = advantageText(advantage, this.grid.starts[r]!, this.grid.starts[r + 1]!);
      });
  }

  /** After a change of the objective the largest of what is shown; before it, C#'s limit over the whole batch. */
  private limit(colour: Colour): number | undefined {
    const column = this.model.evaluation === this.model.original ? null : this.model.column(colour);
    return column ? Colouring.largest(colour, column) : undefined;
  }

  private arrange(): void {
    const left = arrange(this.model, this.grid, this.sort, this.filter);
    const order = sorts.find(([key]) => key === this.sort)![1];
    this.announcer.say(`${count(left, 'response')} shown, ${order}`);
  }

  private select(token: number | null, how: 'focus' | 'hover' | 'pin'): void {
    // What is pinned stays until the focus goes on, or it is closed.
    if (how === 'hover' && this.panel.pinned) return;
    if (how === 'pin') this.panel.pin();
    const shown =
      token ??
      (how === 'hover' && this.grid.focused >= 0 && this.view.contains(document.activeElement) ? this.grid.focused : null);
    this.panel.of(shown, how === 'hover' && token !== null);
    this.onPoint(shown);
    if (how === 'focus' && token !== null) this.announcer.say(summary(this.model, token));
  }

  /** Rows that repeat another one are folded into it; its count unfolds them. */
  private twins(): void {
    for (const badge of findAll<HTMLElement>(this.view, '.times')) {
      const row = badge.closest('tr')!,
        rows = (): HTMLElement[] => findAll<HTMLElement>(row.parentElement!, `.twin[data-of="${row.dataset.twins}"]`);
      const toggle = h(
        'button',
        {
          type: 'button',
          class: 'times',
          'data-added': true,
          'aria-expanded': 'false',
          title: 'show each of them',
          click: () => {
            const open = toggle.getAttribute('aria-expanded') === 'false';
            toggle.setAttribute('aria-expanded', String(open));
            for (const twin of rows()) twin.hidden = !open;
          },
        },
        badge.textContent,
      );
      badge.hidden = true;
      badge.after(toggle);
    }
  }
}

export function tokenTable(view: HTMLElement, payload: unknown): (() => void) | void {
  const data = payload as TokenPayload,
    model = new TokenModel(data);
  if (model.tokens === 0) return;
  const tokens = new InteractiveTokens(view, model, (data.colour ?? 'weight') as Colour);
  return () => tokens.retire();
}
