import { find, h, mark, put, s } from '../dom/make.js';
import { short } from '../dom/numbers.js';

/** What a token adds for A = ±1, its derivative, and whether a bound has stopped it. */
export interface Term {
  readonly value: number;
  readonly slope: number;
  readonly stopped: boolean;
}

/** What a chart asks of the plot it belongs to. */
export interface Plot {
  low: number;
  high: number;
  readonly ratios: ArrayLike<number> & { forEach(f: (ratio: number, t: number) => void): void };
  readonly advantages: ArrayLike<number>;
  /** True when there are tokens to count. */
  readonly counted: boolean;
  at(ratio: number, sign: number): Term;
  counts(positive: boolean): number[];
}

export type Bound = 'low' | 'high';

export const letters: Record<Bound, string> = { low: 'ε_low', high: 'ε_high' };
/** What happens in the three zones of the ratio, for good tokens and for bad ones: C#'s ClipCase in one word. */
export const verbs = (positive: boolean, zone: number): string =>
  positive ? (zone === 2 ? 'stopped' : 'raised') : zone === 0 ? 'stopped' : 'lowered';

/** One chart: what depends on the bounds, and the two grips that move them. */
export class Chart {
  readonly grips: Record<Bound, SVGGElement>;
  private readonly live: SVGGElement;
  private readonly handles = s('g', { 'data-added': true });
  private readonly readout: HTMLElement;
  readonly positive: boolean;
  private readonly left: number;
  private readonly top: number;
  private readonly right: number;
  private readonly bottom: number;

  constructor(
    readonly figure: HTMLElement,
    readonly svg: SVGSVGElement,
    private readonly highest: number,
  ) {
    this.positive = figure.dataset.sign === '1';
    [this.left, this.top, this.right, this.bottom] = svg.dataset.plot!.split(' ').map(Number) as [number, number, number, number];
    this.live = find<SVGGElement>(svg, 'g.live')!;
    this.readout = h('span', { class: 'now', 'data-added': true });
    find(figure, 'figcaption')!.append(this.readout);
    this.grips = { low: this.grip('low'), high: this.grip('high') };
    this.handles.append(this.grips.low, this.grips.high);
    svg.append(this.handles);
    // What is inside an image cannot be reached; a group can.
    mark(svg, 'role', 'group');
  }

  private grip(bound: Bound): SVGGElement {
    // The wide, invisible line is what a finger hits.
    return s(
      'g',
      {
        class: 'grip',
        role: 'slider',
        'data-bound': bound,
        tabindex: -1,
        'aria-label': `${letters[bound]}, for A ${this.positive ? '>' : '<'} 0`,
      },
      s('path', { class: 'reach', d: `M0 0V${this.bottom}` }),
      s('path', { class: 'edge', d: `M0 ${this.top}V${this.bottom}` }),
      s('rect', { class: 'knob', x: bound === 'low' ? -37 : 0, y: this.top - 17, width: 37, height: 16, rx: 8 }),
      s('text', { x: bound === 'low' ? -18 : 18, y: this.top - 5, 'text-anchor': 'middle', 'font-size': 11 }),
    );
  }

  x(ratio: number): number {
    return this.left + (ratio / this.highest) * (this.right - this.left);
  }
  private y(value: number): number {
    return this.positive
      ? this.bottom - (value / this.highest) * (this.bottom - this.top)
      : this.top - (value / this.highest) * (this.bottom - this.top);
  }

  ratioAt(clientX: number): number {
    const box = this.svg.getBoundingClientRect(),
      width = this.svg.viewBox.baseVal.width;
    return Math.max(
      0,
      Math.min(
        this.highest,
        ((((clientX - box.left) / box.width) * width - this.left) / (this.right - this.left)) * this.highest,
      ),
    );
  }

  /** The number of a bound in words, for the handle at its place. */
  handle(bound: Bound, ratio: number, epsilon: number, most: number, text: string): void {
    const grip = this.grips[bound];
    mark(grip, 'transform', `translate(${round(this.x(Math.min(ratio, this.highest)))} 0)`);
    find(grip, 'text')!.textContent = short(ratio);
    for (const [name, value] of [
      ['valuemin', 0],
      ['valuemax', most],
      ['valuenow', epsilon],
      ['valuetext', text],
    ] as const)
      mark(grip, 'aria-' + name, String(value));
  }

  /** Draws zones, curve and dots for these bounds: what C# draws for them. */
  draw(plot: Plot): void {
    const { low, high } = plot,
      lower = 1 - low,
      upper = 1 + high,
      ends = [0, lower, Math.min(upper, this.highest), this.highest],
      parts: SVGElement[] = [];
    const counts = plot.counts(this.positive),
      sign = this.positive ? 1 : -1;
    const at = (ratio: number): string => `${round(this.x(ratio))} ${round(this.y(plot.at(ratio, sign).value))}`;
    parts.push(
      s('path', {
        class: 'grid',
        'stroke-dasharray': '3 4',
        d: `M${this.left} ${round(this.y(0))}L${this.right} ${round(this.y(sign * this.highest))}`,
      }),
      s('path', { class: 'zero', 'stroke-dasharray': '4 3', d: `M${round(this.x(1))} ${this.top}V${this.bottom}` }),
    );
    if (Math.min(this.x(1) - this.x(lower), this.x(upper) - this.x(1)) >= 8)
      parts.push(s('text', { x: round(this.x(1)), y: this.top - 4, 'text-anchor': 'middle', 'font-size': 11 }, '1'));
    // After the lines, so that their labels stand out from them.
    for (let zone = 0; zone < 3; zone++) {
      const from = this.x(ends[zone]!),
        to = this.x(ends[zone + 1]!),
        verb = verbs(this.positive, zone),
        label = plot.counted ? `${counts[zone]} ${verb}` : verb;
      if (verb === 'stopped')
        parts.push(s('path', { class: 'stop', d: `M${round(from)} ${this.top}H${round(to)}V${this.bottom}H${round(from)}z` }));
      if (to - from >= 6 * label.length)
        parts.push(
          s(
            'text',
            {
              x: round((from + to) / 2),
              y: this.positive ? this.bottom - 7 : this.top + 14,
              'text-anchor': 'middle',
              'font-size': 11,
            },
            label,
          ),
        );
    }
    const kinks = [0, lower, upper, this.highest].filter(r => r <= this.highest).sort((a, b) => a - b);
    // Dots nearer than two units are one to the eye.
    const moving = new Map<number, string>(),
      still = new Map<number, string>();
    plot.ratios.forEach((ratio, t) => {
      if (plot.advantages[t]! > 0 !== this.positive || ratio > this.highest) return;
      const stopped = plot.at(ratio, sign).stopped,
        [x, y] = at(ratio).split(' ').map(Number) as [number, number];
      const dots = stopped ? still : moving,
        place = Math.trunc(this.x(ratio) / 2);
      if (!dots.has(place)) dots.set(place, `M${round(x - 2.6)} ${y}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z`);
    });
    parts.push(
      s(
        'g',
        { class: this.positive ? 'raise' : 'lower' },
        s('path', { class: 'c', fill: 'none', 'stroke-width': 2, 'stroke-linejoin': 'round', d: 'M' + kinks.map(at).join('L') }),
        moving.size > 0 && s('path', { class: 'd', 'fill-opacity': 0.55, d: [...moving.values()].join('') }),
        still.size > 0 && s('path', { class: 'o', d: [...still.values()].join('') }),
      ),
    );
    put(this.live, ...parts);
  }

  /** Term and slope at the pointer. */
  point(plot: Plot, clientX: number | null): void {
    if (clientX === null) {
      this.readout.textContent = '';
      return;
    }
    const ratio = Math.round(this.ratioAt(clientX) * 100) / 100,
      { value, slope } = plot.at(ratio, this.positive ? 1 : -1);
    this.readout.textContent = `r = ${short(ratio)}: term ${short(value)}·|A|, ${slope === 0 ? 'slope 0, stopped' : 'slope r·A'}`;
  }
}

const round = (x: number): number => Math.round(x * 10) / 10;
