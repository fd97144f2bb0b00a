import { find, mark } from '../dom/make.js';
import { Side } from '../core/columns.js';
import type { Colouring } from './colouring.js';
import type { TokenGrid } from './token-grid.js';
import type { TokenModel } from './token-model.js';

const barWidth = 5,
  barHeight = 15;
/** Up to so many tokens everything is written at once; in larger tables what is on the screen comes first, the rest in slices of so many milliseconds. */
const atOnce = 600,
  slice = 6;

/** What the tokens are to show. */
interface Picture {
  readonly colouring: Colouring;
  readonly column: ArrayLike<number>;
}

/** Colours, numbers and bars of a table, written only where they change. */
export class Painter {
  private readonly classes: string[];
  private readonly texts: (string | null)[];
  private readonly extra: string[];
  /** [b] true where a row is on the screen, or close to it. */
  private readonly near: boolean[];
  /** [b] true where a row still shows the colours of an earlier picture. */
  private readonly stale: boolean[];
  private readonly large: boolean;
  private readonly watch: IntersectionObserver | null = null;
  private picture: Picture | null = null;
  private later: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly model: TokenModel,
    private readonly grid: TokenGrid,
  ) {
    this.classes = grid.tokens.map(token => token.className);
    this.texts = grid.labels.map(label => label?.textContent ?? null);
    this.extra = this.classes.map(name => (/\bend\b/.test(name) ? ' end' : ''));
    this.large = grid.tokens.length > atOnce;
    this.near = grid.rows.map(() => !this.large);
    this.stale = grid.rows.map(() => false);
    if (!this.large) return;
    const index = new Map<Element, number>(grid.rows.map((row, r) => [row, r]));
    this.watch = new IntersectionObserver(
      entries => {
        for (const entry of entries) {
          const r = index.get(entry.target)!;
          this.near[r] = entry.isIntersecting;
          if (this.near[r] && this.stale[r]) this.colour(r);
        }
      },
      { rootMargin: '120px' },
    );
    for (const row of grid.rows) this.watch.observe(row);
  }

  retire(): void {
    this.watch?.disconnect();
    if (this.later) clearTimeout(this.later);
  }

  /** The colours alone, of what can be seen: what a slider needs while it is dragged, because it changes no text and so no layout. */
  colours(colouring: Colouring, column: ArrayLike<number>): void {
    this.picture = { colouring, column };
    for (let r = 0; r < this.near.length; r++)
      if (this.near[r]) this.colour(r);
      else this.stale[r] = true;
  }

  /** The number under each token too, and the bars of each response; a number that grows makes the browser measure its table again. */
  numbers(colouring: Colouring, column: ArrayLike<number>): void {
    this.picture = { colouring, column };
    if (this.later) clearTimeout(this.later);
    const order = this.grid.rows.map((_, r) => r).sort((a, b) => Number(this.near[b]) - Number(this.near[a]) || a - b);
    let next = 0;
    const write = (): void => {
      const end = performance.now() + slice;
      while (next < order.length && (!this.large || this.near[order[next]!] || performance.now() < end)) this.row(order[next++]!);
      this.later = next < order.length ? setTimeout(write) : null;
    };
    write();
  }

  private colour(r: number): void {
    const { colouring, column } = this.picture!,
      { tokens } = this.grid,
      { rowStarts } = this.model.data;
    this.stale[r] = false;
    for (let t = rowStarts[r]!; t < rowStarts[r + 1]!; t++) {
      const side = this.model.side(t);
      const name =
        (this.model.isActive(t) ? colouring.classOf(column[t]!) : 'off') +
        (side === Side.High ? ' lid' : side === Side.Low ? ' floor' : '') +
        this.extra[t]!;
      if (name === this.classes[t]) continue;
      this.classes[t] = name;
      tokens[t]!.className = name;
    }
  }

  private row(r: number): void {
    const { colouring, column } = this.picture!,
      { labels, rows } = this.grid,
      { rowStarts } = this.model.data;
    this.colour(r);
    for (let t = rowStarts[r]!; t < rowStarts[r + 1]!; t++) {
      const text = this.model.label(t, colouring, column);
      if (!labels[t] || text === this.texts[t]) continue;
      this.texts[t] = text;
      labels[t]!.firstChild ? (labels[t]!.firstChild!.nodeValue = text) : labels[t]!.append(text);
    }
    this.shape(rows[r]!, r, colouring, column);
  }

  private shape(row: HTMLElement, r: number, colouring: Colouring, column: ArrayLike<number>): void {
    const svg = find(row, 'td.shape svg');
    if (!svg) return;
    const start = this.model.data.rowStarts[r]!,
      end = this.model.data.rowStarts[r + 1]!,
      base = colouring.isSigned ? barHeight : 2 * barHeight;
    let up = '',
      down = '';
    for (let t = start; t < end; t++) {
      let height = colouring.position(column[t]!) * barHeight;
      if (height === 0) continue;
      // A tiny number is still a mark.
      height = Math.sign(height) * Math.max(Math.abs(height), 0.5);
      const bar = `M${(t - start) * barWidth} ${base}h${barWidth - 1}v${round(colouring.isSigned ? -height : -2 * Math.abs(height))}h-${barWidth - 1}z`;
      if (colouring.isSigned && height < 0) down += bar;
      else up += bar;
    }
    path(svg, colouring.isSigned ? 'up' : 'size', up);
    path(svg, 'down', down);
    path(svg, colouring.isSigned ? 'size' : 'up', '');
    find(svg, '.axis')?.setAttribute('d', `M0 ${base}h${Math.max(end - start, 1) * barWidth}`);
  }
}

const round = (x: number): string => String(Math.round(x * 10) / 10);

function path(svg: Element, name: string, d: string): void {
  let shape = find(svg, 'path.' + name);
  if (!shape) {
    if (!d) return;
    shape = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'path');
    mark(shape, 'class', name);
    svg.prepend(shape);
  }
  if (shape.getAttribute('d') !== d) mark(shape, 'd', d);
}
