import { h, put, s } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { keep } from '../plot/line.js';
import { nearest, type RunModel } from './run-model.js';

const size = 420, centre = size / 2, inner = 62, outer = 200;

/** The whole run as rings, one for each metric, clockwise from the top: an overview at a glance. Zero and range are written on each ring. */
export class Radial {
  readonly element = h('figure', { class: 'radial', 'data-added': true });
  private readonly svg = s('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img' });
  private readonly overlay = s('g');
  private readonly legend = h('figcaption', {});
  private metrics: string[] = [];
  private ranges: string[] = [];

  constructor(private readonly model: RunModel, select: (step: number) => void) {
    this.element.append(this.legend, this.svg);
    this.svg.addEventListener('click', event => {
      const box = this.svg.getBoundingClientRect(), x = event.clientX - box.left - box.width / 2, y = event.clientY - box.top - box.height / 2;
      if (Math.hypot(x, y) > inner / size * box.width * 0.5) select(this.stepAt(Math.atan2(x, -y)));
    });
  }

  /** Angle, clockwise from the top, of a step; a small gap separates the last from the first. */
  private angle(step: number): number {
    const { firstStep, lastStep } = this.model;
    return (step - firstStep) / Math.max(1, lastStep - firstStep) * (2 * Math.PI - 0.12) + 0.06;
  }

  private stepAt(angle: number): number {
    const { firstStep, lastStep } = this.model, turn = (angle + 2 * Math.PI) % (2 * Math.PI);
    return Math.max(firstStep, Math.min(lastStep, firstStep + (turn - 0.06) / (2 * Math.PI - 0.12) * (lastStep - firstStep)));
  }

  draw(metrics: readonly string[]): void {
    this.metrics = metrics.slice(0, 4);
    const ring = (outer - inner) / this.metrics.length, parts: SVGElement[] = [];
    this.ranges = [];
    this.metrics.forEach((key, m) => {
      const l = this.model.lines(key)[0]!, base = inner + m * ring + 4, room = ring - 8;
      const finite = Array.from(l.mean).filter(Number.isFinite), low = Math.min(...finite, 0), high = Math.max(...finite, low + 1e-12);
      const radius = (v: number): number => base + (v - low) / (high - low) * room;
      const point = (i: number): string => place(this.angle(l.steps[i]!), radius(Number.isFinite(l.mean[i]) ? l.mean[i]! : low));
      const kept = keep(l.mean, 0, l.mean.length, 720).filter(i => Number.isFinite(l.mean[i]));
      const zero = radius(0);
      const back = [...kept].reverse().map(i => `L${place(this.angle(l.steps[i]!), zero)}`).join('');
      parts.push(s('circle', { class: 'grid', cx: centre, cy: centre, r: zero, fill: 'none' }));
      if (kept.length > 0) parts.push(s('g', { class: `l${m}` }, s('path', { class: 'd', 'fill-opacity': .28, d: `M${kept.map(point).join('L')}${back}Z` }),
        s('path', { class: 'c', fill: 'none', 'stroke-width': 1.5, d: `M${kept.map(point).join('L')}` })));
      this.ranges.push(`${short(low)} to ${short(high)}`);
    });
    parts.push(s('path', { class: 'zero', d: `M${centre} ${centre - outer - 4}V${centre - inner}` }));
    this.svg.setAttribute('aria-label', `The run as rings, clockwise from step ${this.model.firstStep} to ${this.model.lastStep}: ${this.metrics.map(k => this.model.metric(k).label).join(', ')}`);
    put(this.svg, ...parts, this.overlay);
    this.cursor(null);
  }

  cursor(step: number | null): void {
    const parts: SVGElement[] = [];
    if (step !== null) parts.push(s('path', { class: 'cursor', d: `M${place(this.angle(step), inner)}L${place(this.angle(step), outer + 3)}` }));
    parts.push(s('text', { x: centre, y: centre + 8, 'text-anchor': 'middle', 'font-size': 22, class: 'big' }, String(step ?? this.model.lastStep)),
      s('text', { x: centre, y: centre - 16, 'text-anchor': 'middle', 'font-size': 11 }, step === null ? 'last step' : 'step'));
    put(this.overlay, ...parts);
    this.name(step);
  }

  /** Which ring is which, its range, and its value at the cursor. */
  private name(step: number | null): void {
    put(this.legend, h('span', {}, 'from the inside out'), ...this.metrics.map((key, m) => {
      const l = this.model.lines(key)[0]!, value = step === null ? '' : ` ${short(l.mean[nearest(l.steps, step)])}`;
      return h('span', { class: `l${m}` }, s('svg', { width: 12, height: 12, 'aria-hidden': 'true' }, s('circle', { class: 'd', cx: 6, cy: 7, r: 5 })),
        ` ${this.model.metric(key).label}${value} `, h('span', { class: 'sub' }, `(${this.ranges[m]})`));
    }));
  }
}

function place(angle: number, radius: number): string {
  return `${Math.round((centre + radius * Math.sin(angle)) * 10) / 10} ${Math.round((centre - radius * Math.cos(angle)) * 10) / 10}`;
}
