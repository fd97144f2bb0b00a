import { Side } from '../core/region.js';
import type { Colouring } from './colouring.js';
import type { TokenGrid } from './token-grid.js';
import type { TokenModel } from './token-model.js';

const barWidth = 5, barHeight = 15;

/** Colours, numbers and bars of a table, written only where they change. */
export class Painter {
  private readonly classes: string[];
  private readonly texts: (string | null)[];
  private readonly extra: string[];

  constructor(private readonly model: TokenModel, private readonly grid: TokenGrid) {
    this.classes = grid.tokens.map(token => token.className);
    this.texts = grid.labels.map(label => label?.textContent ?? null);
    this.extra = this.classes.map(name => /\bend\b/.test(name) ? ' end' : '');
  }

  /** The colours alone: what a slider needs while it is dragged, because it changes no text and so no layout. */
  colours(colouring: Colouring, column: ArrayLike<number>): void {
    const { tokens } = this.grid;
    for (let t = 0; t < tokens.length; t++) {
      const side = this.model.side(t);
      const name = (this.model.isActive(t) ? colouring.classOf(column[t]!) : 'off') + (side === Side.High ? ' lid' : side === Side.Low ? ' floor' : '') + this.extra[t]!;
      if (name === this.classes[t]) continue;
      this.classes[t] = name;
      tokens[t]!.className = name;
    }
  }

  /** The number under each token, and the bars of each response. */
  numbers(colouring: Colouring, column: ArrayLike<number>): void {
    const { labels, rows } = this.grid;
    for (let t = 0; t < labels.length; t++) {
      const text = this.model.label(t, colouring, column);
      if (!labels[t] || text === this.texts[t]) continue;
      this.texts[t] = text;
      labels[t]!.firstChild ? labels[t]!.firstChild!.nodeValue = text : labels[t]!.append(text);
    }
    rows.forEach((row, r) => this.shape(row, r, colouring, column));
  }

  private shape(row: HTMLElement, r: number, colouring: Colouring, column: ArrayLike<number>): void {
    const svg = row.querySelector('td.shape svg');
    if (!svg) return;
    const start = this.model.data.rowStarts[r]!, end = this.model.data.rowStarts[r + 1]!, base = colouring.isSigned ? barHeight : 2 * barHeight;
    let up = '', down = '';
    for (let t = start; t < end; t++) {
      let height = colouring.position(column[t]!) * barHeight;
      if (height === 0) continue;
      // A tiny number is still a mark.
      height = Math.sign(height) * Math.max(Math.abs(height), 0.5);
      const bar = `M${(t - start) * barWidth} ${base}h${barWidth - 1}v${round(colouring.isSigned ? -height : -2 * Math.abs(height))}h-${barWidth - 1}z`;
      if (colouring.isSigned && height < 0) down += bar; else up += bar;
    }
    path(svg, colouring.isSigned ? 'up' : 'size', up);
    path(svg, 'down', down);
    path(svg, colouring.isSigned ? 'size' : 'up', '');
    svg.querySelector('.axis')?.setAttribute('d', `M0 ${base}h${Math.max(end - start, 1) * barWidth}`);
  }
}

const round = (x: number): string => String(Math.round(x * 10) / 10);

function path(svg: Element, name: string, d: string): void {
  let shape = svg.querySelector('path.' + name);
  if (!shape) {
    if (!d) return;
    shape = svg.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'path');
    shape.setAttribute('class', name);
    svg.prepend(shape);
  }
  if (shape.getAttribute('d') !== d) shape.setAttribute('d', d);
}
