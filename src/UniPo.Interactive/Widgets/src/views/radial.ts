import { find, findAll, h, mark, put, s, sweep } from '../dom/make.js';
import { short } from '../dom/numbers.js';
import { keep } from '../plot/line.js';
import { nearest, RunModel, valueAt, type RunPayload } from './run-model.js';

/** The clock as C#'s RadialOverviewHtml draws it. */
const centre = 250, outer = 216, ringHeight = 38, gap = 8, opening = 0.06;
const innerOf = (ring: number): number => outer - ringHeight - ring * (ringHeight + gap);

/** The whole run as rings around a clock of its steps, one for each metric; each goes from its lowest number to its highest. */
export class Radial {
  readonly svg: SVGSVGElement;
  private readonly overlay = s('g', { 'data-added': true });
  private metrics: string[] = [];

  constructor(private readonly model: RunModel, select: (step: number) => void, svg?: SVGSVGElement, signal?: AbortSignal) {
    this.svg = svg ?? s('svg', { viewBox: '0 0 500 500', width: 500, role: 'img' });
    this.svg.addEventListener('click', event => { const step = this.under(event); if (step !== null) select(step); }, { signal });
  }

  /** The step under a place on the screen; null in the middle, where all steps meet. */
  under(event: MouseEvent): number | null {
    const box = this.svg.getBoundingClientRect(), x = event.clientX - box.left - box.width / 2, y = event.clientY - box.top - box.height / 2;
    return Math.hypot(x, y) > 30 / 500 * box.width ? this.stepAt(Math.atan2(x, -y)) : null;
  }

  /** Angle, clockwise from the top, of a step; a small opening separates the last from the first. */
  private angle(step: number): number {
    const { firstStep, lastStep } = this.model;
    return lastStep === firstStep ? Math.PI : opening + (step - firstStep) / (lastStep - firstStep) * (2 * Math.PI - 2 * opening);
  }

  private stepAt(angle: number): number {
    const { firstStep, lastStep } = this.model, turn = (angle + 2 * Math.PI) % (2 * Math.PI);
    return Math.max(firstStep, Math.min(lastStep, firstStep + (turn - opening) / (2 * Math.PI - 2 * opening) * (lastStep - firstStep)));
  }

  private radius(ring: number, key: string): (value: number) => number {
    const finite = Array.from(this.model.lines(key)[0]!.mean).filter(Number.isFinite), low = Math.min(...finite), high = Math.max(...finite);
    return value => innerOf(ring) + (high > low ? (value - low) / (high - low) : 0.5) * ringHeight;
  }

  /** Draws the rings of these metrics, at most four; or takes them as drawn, where C# has drawn them. */
  draw(metrics: readonly string[], drawn = false): void {
    this.metrics = metrics.slice(0, 4);
    if (!drawn) put(this.svg, ...this.metrics.flatMap((key, ring) => this.ring(key, ring)));
    this.svg.append(this.overlay);
    mark(this.svg, 'aria-label', `The run as rings, clockwise from step ${this.model.firstStep} to ${this.model.lastStep}, from the outside: ${this.metrics.map(k => this.model.metric(k).label).join(', ')}`);
    this.cursor(null);
  }

  private ring(key: string, ring: number): SVGElement[] {
    const line = this.model.lines(key)[0]!, radius = this.radius(ring, key);
    const kept = keep(line.mean, 0, line.mean.length, 400).filter(i => Number.isFinite(line.mean[i]));
    const edge = (i: number): string => place(this.angle(line.steps[i]!), radius(line.mean[i]!)), base = (i: number): string => place(this.angle(line.steps[i]!), innerOf(ring));
    return [...[0, ringHeight].map(rise => s('circle', { class: 'ring', cx: centre, cy: centre, r: innerOf(ring) + rise })),
      ...(kept.length ? [s('g', { class: `l${ring}` }, s('path', { class: 'fill', d: `M${kept.map(edge).join('L')}L${kept.reverse().map(base).join('L')}z` }))] : [])];
  }

  /** The step at the cursor: a spoke, a dot on every ring, and its number in the middle. */
  cursor(step: number | null): void {
    const parts: SVGElement[] = [];
    if (step !== null) {
      parts.push(s('path', { class: 'cursor', d: `M${place(this.angle(step), 30)}L${place(this.angle(step), outer + 3)}` }));
      this.metrics.forEach((key, ring) => {
        const value = this.value(key, step);
        if (Number.isFinite(value)) parts.push(s('g', { class: `l${ring}` }, s('circle', { class: 'd', r: 4, ...spot(this.angle(step), this.radius(ring, key)(value)) })));
      });
    }
    put(this.overlay, ...parts, s('text', { x: centre, y: centre + 5, 'text-anchor': 'middle', 'font-size': 14, class: 'centre' }, step === null ? `${this.model.steps.length} steps` : `step ${step}`));
  }

  private value(key: string, step: number): number {
    const line = this.model.lines(key)[0]!;
    return valueAt(line, nearest(line.steps, step));
  }

  /** The value of each ring at a step; without a step its range. */
  values(step: number | null): { readonly label: string; readonly value: string }[] {
    return this.metrics.map(key => {
      const finite = Array.from(this.model.lines(key)[0]!.mean).filter(Number.isFinite);
      return { label: this.model.metric(key).label, value: step === null ? `${short(Math.min(...finite))} to ${short(Math.max(...finite))}` : short(this.value(key, step)) };
    });
  }
}

/** A dial of its own: pointing, clicking or the arrow keys choose a step, and every ring says its value there. */
export function radialOverview(view: HTMLElement, payload: unknown): (() => void) | void {
  const svg = find<SVGSVGElement>(view, '.dial > svg'), data = payload as RunPayload;
  if (!svg) return;
  const model = new RunModel(data), ended = new AbortController(), { signal } = ended, steps = model.steps, centreText = find(svg, ':scope > .centre');
  const said = findAll(view, '.runs li').map(item => item.appendChild(h('b', { class: 'here', 'data-added': true })));
  let chosen: number | null = null;
  const dial = new Radial(model, step => go(step, true), svg, signal);
  const show = (step: number | null): void => {
    const at = step === null ? null : steps[nearest(steps, step)]!;
    dial.cursor(at);
    dial.values(at).forEach(({ value }, ring) => { said[ring]!.textContent = at === null ? '' : ` ${value}`; });
    mark(svg, 'aria-valuenow', String(at ?? model.lastStep));
    mark(svg, 'aria-valuetext', at === null ? 'no step chosen' : `step ${at}: ${dial.values(at).map(v => `${v.label} ${v.value}`).join(', ')}`);
  };
  const go = (step: number | null, keep: boolean): void => { if (keep) chosen = step; show(step ?? chosen); };
  if (centreText) mark(centreText, 'visibility', 'hidden');
  for (const [name, value] of [['role', 'slider'], ['tabindex', '0'], ['aria-valuemin', String(model.firstStep)], ['aria-valuemax', String(model.lastStep)]] as const) mark(svg, name, value);
  dial.draw(data.shown, true);
  mark(svg, 'aria-label', 'step on the dial');
  show(null);
  svg.addEventListener('pointermove', event => go(dial.under(event), false), { signal });
  svg.addEventListener('pointerleave', () => go(null, false), { signal });
  svg.addEventListener('keydown', event => {
    const at = chosen === null ? -1 : nearest(steps, chosen), tenth = Math.max(1, Math.round(steps.length / 10));
    const by: Record<string, number> = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: tenth, PageDown: -tenth, Home: -steps.length, End: steps.length };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') { chosen = null; show(null); }
    else if (event.key in by) go(steps[Math.max(0, Math.min(steps.length - 1, at + by[event.key]!))]!, true);
    else return;
    event.preventDefault();
  }, { signal });
  return () => {
    ended.abort();
    sweep(view);
    centreText?.removeAttribute('visibility');
    mark(svg, 'role', 'img');
    svg.removeAttribute('tabindex');
  };
}

const spot = (angle: number, radius: number): { cx: number; cy: number } => ({ cx: tenth(centre + radius * Math.sin(angle)), cy: tenth(centre - radius * Math.cos(angle)) });
const place = (angle: number, radius: number): string => { const at = spot(angle, radius); return `${at.cx} ${at.cy}`; };
const tenth = (x: number): number => Math.round(x * 10) / 10;
