import { find, findAll, h, mark, put, s, sweep } from '../dom/make.js';
import { count, short } from '../dom/numbers.js';
import { unpack, type Packed } from '../dom/payload.js';
import { Announcer, button, toolbar } from '../dom/toolbar.js';

interface ClipPayload extends Packed { readonly low: number; readonly high: number; readonly highest: number; readonly batch: boolean }

type Bound = 'low' | 'high';

const letters: Record<Bound, string> = { low: 'ε_low', high: 'ε_high' }, mostLow = 0.99;
/** What happens in the three zones of the ratio, for good tokens and for bad ones: C#'s ClipCase in one word. */
const verbs = (positive: boolean, zone: number): string => positive ? (zone === 2 ? 'stopped' : 'raised') : (zone === 0 ? 'stopped' : 'lowered');

/** One chart: what depends on the bounds, and the two grips that move them. */
class Chart {
  readonly grips: Record<Bound, SVGGElement>;
  private readonly live: SVGGElement;
  private readonly handles = s('g', { 'data-added': true });
  private readonly readout: HTMLElement;
  readonly positive: boolean;
  private readonly left: number;
  private readonly top: number;
  private readonly right: number;
  private readonly bottom: number;

  constructor(readonly figure: HTMLElement, readonly svg: SVGSVGElement, private readonly highest: number) {
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
    return s('g', { class: 'grip', role: 'slider', 'data-bound': bound, tabindex: -1, 'aria-label': `${letters[bound]}, for A ${this.positive ? '>' : '<'} 0` },
      s('path', { class: 'reach', d: `M0 0V${this.bottom}` }), s('path', { class: 'edge', d: `M0 ${this.top}V${this.bottom}` }),
      s('rect', { class: 'knob', x: bound === 'low' ? -37 : 0, y: this.top - 17, width: 37, height: 16, rx: 8 }), s('text', { x: bound === 'low' ? -18 : 18, y: this.top - 5, 'text-anchor': 'middle', 'font-size': 11 }));
  }

  x(ratio: number): number { return this.left + ratio / this.highest * (this.right - this.left); }
  private y(value: number): number { return this.positive ? this.bottom - value / this.highest * (this.bottom - this.top) : this.top - value / this.highest * (this.bottom - this.top); }

  ratioAt(clientX: number): number {
    const box = this.svg.getBoundingClientRect(), width = this.svg.viewBox.baseVal.width;
    return Math.max(0, Math.min(this.highest, ((clientX - box.left) / box.width * width - this.left) / (this.right - this.left) * this.highest));
  }

  /** The number of a bound in words, for the handle at its place. */
  handle(bound: Bound, ratio: number, epsilon: number, most: number, text: string): void {
    const grip = this.grips[bound];
    mark(grip, 'transform', `translate(${round(this.x(Math.min(ratio, this.highest)))} 0)`);
    find(grip, 'text')!.textContent = short(ratio);
    for (const [name, value] of [['valuemin', 0], ['valuemax', most], ['valuenow', epsilon], ['valuetext', text]] as const) mark(grip, 'aria-' + name, String(value));
  }

  /** Draws zones, curve and dots for these bounds: what C# draws for them. */
  draw(plot: ClipPlot): void {
    const { low, high } = plot, lower = 1 - low, upper = 1 + high, ends = [0, lower, Math.min(upper, this.highest), this.highest], parts: SVGElement[] = [];
    const counts = plot.counts(this.positive), sign = this.positive ? 1 : -1;
    const at = (ratio: number): string => `${round(this.x(ratio))} ${round(this.y(plot.at(ratio, sign).value))}`;
    parts.push(s('path', { class: 'grid', 'stroke-dasharray': '3 4', d: `M${this.left} ${round(this.y(0))}L${this.right} ${round(this.y(sign * this.highest))}` }),
      s('path', { class: 'zero', 'stroke-dasharray': '4 3', d: `M${round(this.x(1))} ${this.top}V${this.bottom}` }));
    if (Math.min(this.x(1) - this.x(lower), this.x(upper) - this.x(1)) >= 8) parts.push(s('text', { x: round(this.x(1)), y: this.top - 4, 'text-anchor': 'middle', 'font-size': 11 }, '1'));
    // After the lines, so that their labels stand out from them.
    for (let zone = 0; zone < 3; zone++) {
      const from = this.x(ends[zone]!), to = this.x(ends[zone + 1]!), verb = verbs(this.positive, zone), label = plot.data.batch ? `${counts[zone]} ${verb}` : verb;
      if (verb === 'stopped') parts.push(s('path', { class: 'stop', d: `M${round(from)} ${this.top}H${round(to)}V${this.bottom}H${round(from)}z` }));
      if (to - from >= 6 * label.length) parts.push(s('text', { x: round((from + to) / 2), y: this.positive ? this.bottom - 7 : this.top + 14, 'text-anchor': 'middle', 'font-size': 11 }, label));
    }
    const kinks = [0, lower, upper, this.highest].filter(r => r <= this.highest).sort((a, b) => a - b);
    // Dots nearer than two units are one to the eye.
    const moving = new Map<number, string>(), still = new Map<number, string>();
    plot.ratios.forEach((ratio, t) => {
      if (plot.advantages[t]! > 0 !== this.positive || ratio > this.highest) return;
      const stopped = plot.at(ratio, sign).slope === 0, [x, y] = at(ratio).split(' ').map(Number) as [number, number];
      const dots = stopped ? still : moving, place = Math.trunc(this.x(ratio) / 2);
      if (!dots.has(place)) dots.set(place, `M${round(x - 2.6)} ${y}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0z`);
    });
    parts.push(s('g', { class: this.positive ? 'raise' : 'lower' },
      s('path', { class: 'c', fill: 'none', 'stroke-width': 2, 'stroke-linejoin': 'round', d: 'M' + kinks.map(at).join('L') }),
      moving.size > 0 && s('path', { class: 'd', 'fill-opacity': .55, d: [...moving.values()].join('') }),
      still.size > 0 && s('path', { class: 'o', d: [...still.values()].join('') })));
    put(this.live, ...parts);
  }

  /** Term and slope at the pointer. */
  point(plot: ClipPlot, clientX: number | null): void {
    if (clientX === null) { this.readout.textContent = ''; return; }
    const ratio = Math.round(this.ratioAt(clientX) * 100) / 100, { value, slope } = plot.at(ratio, this.positive ? 1 : -1);
    this.readout.textContent = `r = ${short(ratio)}: term ${short(value)}·|A|, ${slope === 0 ? 'slope 0, stopped' : 'slope r·A'}`;
  }
}

/** Both charts and the table of cases, for bounds that can be moved. */
class ClipPlot {
  low: number;
  high: number;
  readonly ratios: ArrayLike<number> & Iterable<number> & { forEach(f: (ratio: number, t: number) => void): void };
  readonly advantages: ArrayLike<number>;
  private readonly charts: Chart[];
  private readonly announcer = new Announcer();
  private readonly said = h('span', { class: 'said' });
  private readonly bar: HTMLElement;
  private readonly before: number;
  private readonly ended = new AbortController();
  private drag: { chart: Chart; bound: Bound } | null = null;

  constructor(private readonly view: HTMLElement, readonly data: ClipPayload) {
    const columns = unpack(data);
    this.ratios = columns['ratio']!;
    this.advantages = columns['advantage']!;
    [this.low, this.high] = [data.low, data.high];
    this.before = this.stopped();
    this.charts = findAll<HTMLElement>(view, 'figure[data-sign]').map(f => new Chart(f, find<SVGSVGElement>(f, 'svg')!, data.highest));
    this.bar = toolbar('bounds of the ratio', this.said, button('as it was', () => this.move(data.low, data.high, true)));
    find(view, '.pair')!.before(this.bar);
    this.bar.after(this.announcer.widget);
    for (const chart of this.charts) this.listen(chart);
    this.rove(this.charts[0]!.grips.high);
    this.show();
    // A copy of a view whose bounds were moved goes back to what its numbers say.
    if (find(view, '[data-moved]')) this.move(data.low, data.high, false);
  }

  retire(): void {
    this.ended.abort();
    for (const chart of this.charts) mark(chart.svg, 'role', 'img');
    sweep(this.view);
  }

  /** min(r·A, clip(r)·A) for A = ±1, and its slope: 0 where the bound bites. */
  at(ratio: number, sign: number): { readonly value: number; readonly slope: number } {
    // Ratios are stored in seven digits: one that lies on a bound must not fall over it.
    const near = [1 - this.low, 1 + this.high].find(b => Math.abs(b - ratio) < 1e-6);
    const r = near ?? ratio, held = Math.max(1 - this.low, Math.min(1 + this.high, r)) * sign;
    return held < r * sign ? { value: held, slope: 0 } : { value: r * sign, slope: r * sign };
  }

  /** Tokens of one sign below, within and above the bounds. */
  counts(positive: boolean): number[] {
    const result = [0, 0, 0];
    this.ratios.forEach((ratio, t) => { if (this.advantages[t]! > 0 === positive) result[ratio < 1 - this.low - 1e-6 ? 0 : ratio > 1 + this.high + 1e-6 ? 2 : 1]!++; });
    return result;
  }

  private stopped(): number { return this.counts(true)[2]! + this.counts(false)[0]!; }

  private listen(chart: Chart): void {
    const on = (target: Element, type: string, act: (event: any) => void): void => target.addEventListener(type, act, { signal: this.ended.signal });
    for (const bound of ['low', 'high'] as const) {
      const grip = chart.grips[bound];
      on(grip, 'pointerdown', (event: PointerEvent) => { grip.setPointerCapture(event.pointerId); this.drag = { chart, bound }; event.preventDefault(); this.rove(grip); grip.focus(); });
      on(grip, 'pointermove', (event: PointerEvent) => { if (this.drag) this.set(bound, Math.abs(chart.ratioAt(event.clientX) - 1), chart.ratioAt(event.clientX) < 1 !== (bound === 'low')); });
      for (const type of ['pointerup', 'pointercancel']) on(grip, type, () => { if (this.drag) { this.drag = null; this.announcer.say(this.sentence()); } });
      on(grip, 'keydown', (event: KeyboardEvent) => this.key(event, chart, bound));
      on(grip, 'focus', () => this.rove(grip));
    }
    on(chart.svg, 'pointermove', (event: PointerEvent) => chart.point(this, event.clientX));
    on(chart.svg, 'pointerleave', () => chart.point(this, null));
  }

  private key(event: KeyboardEvent, chart: Chart, bound: Bound): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // The arrow's direction is the ratio's: to the right, ε_high grows and ε_low shrinks.
    const grow = bound === 'high' ? 1 : -1, now = this[bound], all = this.grips(), at = all.indexOf(chart.grips[bound]);
    switch (event.key) {
      case 'ArrowRight': this.set(bound, now + grow * 0.01); break;
      case 'ArrowLeft': this.set(bound, now - grow * 0.01); break;
      case 'PageUp': this.set(bound, now + 0.1); break;
      case 'PageDown': this.set(bound, now - 0.1); break;
      case 'Home': this.set(bound, 0); break;
      case 'End': this.set(bound, this.most(bound)); break;
      case 'ArrowUp': all[Math.max(at - 1, 0)]!.focus(); break;
      case 'ArrowDown': all[Math.min(at + 1, all.length - 1)]!.focus(); break;
      case 'Escape': this.move(this.data.low, this.data.high, true); break;
      default: return;
    }
    event.preventDefault();
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') this.announcer.say(this.sentence());
  }

  private most(bound: Bound): number { return bound === 'low' ? mostLow : Math.max(this.data.high, Math.round((this.data.highest - 1) * 100) / 100); }

  private set(bound: Bound, epsilon: number, crossed = false): void {
    const value = crossed ? 0 : Math.max(0, Math.min(this.most(bound), Math.round(epsilon * 100) / 100));
    if (bound === 'low') this.move(value, this.high, false); else this.move(this.low, value, false);
  }

  private move(low: number, high: number, said: boolean): void {
    [this.low, this.high] = [low, high];
    find(this.view, '.pair')!.setAttribute('data-moved', '');
    for (const chart of this.charts) chart.draw(this);
    this.table();
    this.show();
    // The first note counts the stopped tokens, as C# found them.
    const note = find(this.view, '.note');
    if (note && this.data.batch) note.textContent = `${count(this.ratios.length, 'token')} with an advantage; ${this.stopped()} of them get no gradient from this term.`;
    if (said) this.announcer.say(this.sentence());
  }

  private sentence(): string {
    const bounds = `ε_low ${short(this.low)}, ε_high ${short(this.high)}`, now = this.stopped();
    return this.data.batch ? `${bounds}: ${now} of ${count(this.ratios.length, 'token')} stopped${now === this.before ? '' : `, ${this.before} before`}` : bounds;
  }

  private show(): void {
    this.said.textContent = this.sentence();
    const c = { true: this.counts(true), false: this.counts(false) };
    for (const chart of this.charts)
      for (const bound of ['low', 'high'] as const) {
        const epsilon = this[bound], ratio = bound === 'low' ? 1 - epsilon : 1 + epsilon, beyond = c[`${chart.positive}`][bound === 'low' ? 0 : 2]!;
        const text = `${letters[bound]} ${short(epsilon)}: ${bound === 'low' ? 'r below' : 'r above'} ${short(ratio)} is ${verbs(chart.positive, bound === 'low' ? 0 : 2)}${this.data.batch ? `, ${count(beyond, 'token')}` : ''}`;
        chart.handle(bound, ratio, epsilon, this.most(bound), text);
      }
  }

  /** The six cases: where their borders lie now, and how many tokens are in each. */
  private table(): void {
    const lower = short(1 - this.low), upper = short(1 + this.high), names = [`r < ${lower}`, `${lower} … ${upper}`, `r > ${upper}`];
    const counts = [...this.counts(true), ...this.counts(false)];
    findAll(this.view, 'tbody.rows > tr').forEach((row, i) => {
      row.children[1]!.textContent = names[i % 3]!;
      if (this.data.batch) row.children[4]!.textContent = String(counts[i]);
    });
  }

  private grips(): SVGGElement[] { return this.charts.flatMap(chart => [chart.grips.low, chart.grips.high]); }

  /** One tab stop for all grips. */
  private rove(to: SVGGElement): void {
    for (const grip of this.grips()) mark(grip, 'tabindex', grip === to ? '0' : '-1');
  }
}

const round = (x: number): number => Math.round(x * 10) / 10;

export function clipPlot(view: HTMLElement, payload: unknown): (() => void) | void {
  if (!find(view, 'figure g.live')) return;
  const plot = new ClipPlot(view, payload as ClipPayload);
  return () => plot.retire();
}
