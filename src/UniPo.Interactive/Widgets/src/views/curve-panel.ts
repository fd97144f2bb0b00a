import { find, h, mark, put, s } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { Axis } from '../plot/axis.js';
import { band, dash, keep, line, smooth, unmeasured } from '../plot/line.js';
import { nearest, valueAt, type Line, type MetricText, type RunModel } from './run-model.js';

const mostPoints = 360;

/** Where a plot lies in its drawing, as C# drew it. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function frameOf(svg: SVGSVGElement | null): Frame {
  const box = svg?.getAttribute('viewBox')?.split(' ').map(Number),
    plot = svg?.getAttribute('data-plot')?.split(' ').map(Number);
  if (box?.length !== 4 || plot?.length !== 4) return { width: 360, height: 190, left: 46, top: 10, right: 350, bottom: 164 };
  return { width: box[2]!, height: box[3]!, left: plot[0]!, top: plot[1]!, right: plot[2]!, bottom: plot[3]! };
}

/** What all panels share. */
export interface Look {
  readonly from: number;
  readonly to: number;
  readonly window: number;
  readonly log: boolean;
  readonly selected?: number | null;
}

/** One metric: its drawing, its readout, and where the cursor stands. */
export class CurvePanel {
  readonly widget: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly lines: Line[];
  readonly metric: MetricText;
  private readonly readout: HTMLElement;
  private readonly rest: string;
  private readonly overlay = s('g', { 'data-added': true });
  private x: Axis;
  private y: Axis | null = null;

  constructor(
    private readonly model: RunModel,
    readonly key: string,
    figure: HTMLElement | null,
    private readonly frame: Frame,
  ) {
    this.metric = model.metric(key);
    this.lines = model.lines(key);
    const now = figure?.querySelector<HTMLElement>('.now');
    this.readout = now ?? h('span', { class: 'now', 'data-added': true });
    this.rest = now?.textContent ?? '';
    this.svg =
      figure?.querySelector<SVGSVGElement>('svg') ??
      s('svg', { viewBox: `0 0 ${frame.width} ${frame.height}`, width: frame.width });
    this.widget =
      figure ??
      h(
        'figure',
        { class: 'panel', 'data-metric': key, 'data-added': true },
        h('figcaption', {}, h('b', {}, this.metric.label), ' ', h('span', { class: 'sub' }, this.metric.unit), ' '),
        this.svg,
      );
    if (!now) find(this.widget, 'figcaption')!.append(this.readout);
    this.x = this.axis(model.firstStep, model.lastStep);
    const whole: Look = { from: model.firstStep, to: model.lastStep, window: model.data.window, log: false };
    this.y = this.range(whole);
    this.widget.hidden = false;
    find<HTMLElement>(this.widget, 'b')!.title = this.metric.meaning;
    // The static drawing stays until something changes it; a copy of a changed view is drawn afresh.
    if (!figure || this.svg.hasAttribute('data-drawn')) this.draw(whole);
  }

  private axis(from: number, to: number): Axis {
    return Axis.steps(from, to, this.frame.left, this.frame.right, Math.floor(this.frame.width / 70));
  }

  /** The step under a place on the screen. */
  stepAt(clientX: number): number {
    const box = this.svg.getBoundingClientRect();
    return this.x.inverse(
      Math.max(this.frame.left, Math.min(this.frame.right, ((clientX - box.left) / box.width) * this.frame.width)),
    );
  }

  draw(look: Look): void {
    const { left, right, top, bottom } = this.frame;
    this.x = this.axis(look.from, look.to);
    this.y = this.range(look);
    const parts: (SVGElement | null)[] = [];
    if (!this.y)
      parts.push(
        s(
          'text',
          { x: (left + right) / 2, y: (top + bottom) / 2, 'text-anchor': 'middle', 'font-size': 12 },
          look.log ? 'no positive number here' : 'not measured here',
        ),
      );
    else {
      for (const tick of this.y.ticks) {
        const y = round(this.y.at(tick.value));
        parts.push(
          s('path', { class: tick.value === 0 ? 'zero' : 'grid', d: `M${left} ${y}H${right}` }),
          s('text', { x: left - 7, y: round(this.y.at(tick.value) + 3.5), 'text-anchor': 'end', 'font-size': 11 }, tick.label),
        );
      }
      if (this.y.unit) parts.push(s('text', { x: 2, y: top - 3, 'font-size': 11 }, this.y.unit));
      this.lines.forEach((l, i) => parts.push(this.curve(l, i, look, this.y!)));
    }
    for (const tick of this.x.ticks)
      parts.push(
        s('text', { x: round(this.x.at(tick.value)), y: bottom + 16, 'text-anchor': 'middle', 'font-size': 11 }, tick.label),
      );
    parts.push(s('text', { x: 2, y: bottom + 16, 'font-size': 11 }, 'step'), this.rollouts(look));
    parts.push(...this.here(look), this.kept(look), this.warned(look));
    put(this.svg, ...parts, this.overlay);
    mark(this.svg, 'data-drawn', '');
  }

  /** The step that is open, where one is. */
  private here(look: Look): SVGElement[] {
    const step = look.selected;
    if (step == null || step < look.from || step > look.to) return [];
    const x = round(this.x.at(step)),
      value = this.lines[0]?.mean[nearest(this.lines[0].steps, step)] ?? NaN,
      y = this.y?.at(value) ?? NaN;
    return [
      s('path', { class: 'here', 'stroke-dasharray': '3 3', d: `M${x} ${this.frame.top}V${this.frame.bottom}` }),
      ...(Number.isFinite(y) ? [s('circle', { class: 'dot', r: 3.5, cx: x, cy: round(y) })] : []),
    ];
  }

  /** Steps whose tokens are kept: a tick above the axis. */
  private kept(look: Look): SVGElement | null {
    const inside = (this.model.data.kept ?? []).filter(step => step >= look.from && step <= look.to);
    return inside.length
      ? s('path', { class: 'kept', d: inside.map(step => `M${round(this.x.at(step))} ${this.frame.bottom}v-5`).join('') })
      : null;
  }

  private warned(look: Look): SVGElement | null {
    const inside = (this.model.data.warnings ?? []).filter(step => step >= look.from && step <= look.to);
    return inside.length
      ? s('path', { class: 'warn', d: inside.map(step => `M${round(this.x.at(step))} ${this.frame.top}l4-7h-8z`).join('') })
      : null;
  }

  private rollouts(look: Look): SVGElement | null {
    const inside = (this.model.data.rollouts ?? []).filter(r => r >= look.from && r <= look.to);
    return inside.length === 0 || inside.length > 50
      ? null
      : s('path', { class: 'zero', d: inside.map(r => `M${round(this.x.at(r))} ${this.frame.bottom}v4`).join('') });
  }

  private range(look: Look): Axis | null {
    let low = Infinity,
      high = -Infinity;
    const see = (value: number): void => {
      if (!Number.isFinite(value) || (look.log && value <= 0)) return;
      if (value < low) low = value;
      if (value > high) high = value;
    };
    for (const l of this.lines)
      for (let i = 0; i < l.steps.length; i++) {
        if (l.steps[i]! < look.from || l.steps[i]! > look.to) continue;
        see(l.mean[i]!);
        if (l.low) see(l.low[i]!);
        if (l.high) see(l.high[i]!);
      }
    if (low > high) return null;
    return look.log
      ? Axis.log(low, high, this.frame.bottom, this.frame.top)
      : Axis.round(low, high, this.frame.bottom, this.frame.top, 4, this.bounds);
  }

  /** What the metric can be at all, as C#'s CurvePanel.Bounds. */
  private get bounds(): [number, number] | null {
    let low = Infinity,
      high = -Infinity;
    for (const l of this.lines)
      for (const value of l.mean)
        if (Number.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
    return low < 0
      ? null
      : /accuracy|fraction|share|reward/.test(this.key) && high <= 1
        ? [0, 1]
        : /norm|entropy|length|std/.test(this.key)
          ? [0, Infinity]
          : null;
  }

  private curve(l: Line, series: number, look: Look, axis: Axis): SVGElement {
    const { left, right, top, bottom } = this.frame;
    // One step beyond each end keeps the line going to the edge.
    let from = 0,
      to = l.steps.length;
    while (from + 1 < to && l.steps[from + 1]! <= look.from) from++;
    while (to - 2 >= from && l.steps[to - 2]! >= look.to) to--;
    const x = (i: number) => Math.max(left, Math.min(right, this.x.at(l.steps[i]!)));
    const y = (values: ArrayLike<number>) => (i: number) =>
      values[i] === unmeasured
        ? unmeasured
        : look.log && values[i]! <= 0
          ? NaN
          : Math.max(top - 4, Math.min(bottom + 4, axis.at(values[i]!)));
    const kept = keep(l.mean, from, to, mostPoints),
      group = s('g', { class: `l${this.model.look(series)}` }),
      thin = look.window > 1;
    if (l.low && l.high) group.append(s('path', { class: 'd', 'fill-opacity': 0.16, d: band(kept, x, y(l.low), y(l.high)) }));
    const stroke = (d: string, w: number, opacity?: number) =>
      group.append(
        s('path', {
          class: 'c',
          d,
          fill: 'none',
          'stroke-width': w,
          'stroke-opacity': opacity ?? null,
          'stroke-dasharray': dash(this.model.look(series)),
          'stroke-linejoin': 'round',
          'stroke-linecap': 'round',
        }),
      );
    stroke(line(kept, x, y(l.mean)), thin ? 1 : 1.75, thin ? 0.4 : undefined);
    if (thin) {
      const mean = smooth(l.mean, look.window);
      stroke(line(keep(mean, from, to, mostPoints), x, y(mean)), 2);
    }
    return group;
  }

  /** The value of every line at a step, as text. */
  values(step: number): string {
    const parts = this.lines.map(l => ({ label: l.label, value: valueAt(l, nearest(l.steps, step)) }));
    return parts.map(p => (parts.length > 1 ? p.label + ' ' : '') + short(p.value)).join(', ');
  }

  /** Shows the cursor at a step, or takes it away; and a brush while one is drawn. */
  cursor(step: number | null, brush: [number, number] | null = null): void {
    this.readout.textContent = step === null ? this.rest : `step ${step}: ${this.values(step)}`;
    const parts: SVGElement[] = [],
      { top, bottom } = this.frame;
    if (brush)
      parts.push(
        s('rect', {
          class: 'brush',
          x: this.x.at(Math.min(...brush)),
          width: Math.abs(this.x.at(brush[1]) - this.x.at(brush[0])),
          y: top,
          height: bottom - top,
        }),
      );
    if (step !== null && step >= this.x.low && step <= this.x.high) {
      parts.push(s('path', { class: 'cursor', d: `M${round(this.x.at(step))} ${top}V${bottom}` }));
      this.lines.forEach((l, i) => {
        const value = l.mean[nearest(l.steps, step)]!,
          y = this.y?.at(value);
        if (y !== undefined && Number.isFinite(y))
          parts.push(
            s('g', { class: `l${this.model.look(i)}` }, s('circle', { class: 'd', cx: this.x.at(step), cy: y, r: 3.2 })),
          );
      });
    }
    put(this.overlay, ...parts);
    if (!this.overlay.isConnected) this.svg.append(this.overlay);
  }
}

const round = (x: number): number => Math.round(x * 10) / 10;
