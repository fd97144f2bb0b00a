import { find, findAll, h, mark, sweep } from '../dom/make.js';
import { count, short } from '../dom/numbers.js';
import { unpack, type Packed } from '../dom/payload.js';
import { Announcer, button, toolbar } from '../dom/toolbar.js';
import { Chart, letters, verbs, type Bound, type Plot, type Term } from './clip-chart.js';

interface ClipPayload extends Packed {
  readonly low: number;
  readonly high: number;
  readonly highest: number;
  readonly batch: boolean;
}

const mostLow = 0.99;

/** Both charts and the table of cases, for bounds that can be moved. */
class ClipPlot implements Plot {
  low: number;
  high: number;
  readonly ratios: ArrayLike<number> & Iterable<number> & { forEach(f: (ratio: number, t: number) => void): void };
  readonly advantages: ArrayLike<number>;
  readonly counted: boolean;
  private readonly charts: Chart[];
  private readonly announcer = new Announcer();
  private readonly said = h('span', { class: 'said' });
  private readonly bar: HTMLElement;
  private readonly before: number;
  private readonly ended = new AbortController();
  private drag: { chart: Chart; bound: Bound } | null = null;

  constructor(
    private readonly view: HTMLElement,
    readonly data: ClipPayload,
  ) {
    const columns = unpack(data);
    this.ratios = columns['ratio']!;
    this.advantages = columns['advantage']!;
    [this.low, this.high] = [data.low, data.high];
    this.counted = data.batch;
    this.before = this.stopped();
    this.charts = findAll<HTMLElement>(view, 'figure[data-sign]').map(
      f => new Chart(f, find<SVGSVGElement>(f, 'svg')!, data.highest),
    );
    this.bar = toolbar(
      'bounds of the ratio',
      this.said,
      button('as it was', () => this.move(data.low, data.high, true)),
    );
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

  /** min(r·A, clip(r)·A) for A = ±1. */
  at(ratio: number, sign: number): Term {
    // Ratios are stored in seven digits: one that lies on a bound must not fall over it.
    const near = [1 - this.low, 1 + this.high].find(b => Math.abs(b - ratio) < 1e-6);
    const free = (near ?? ratio) * sign;
    const held = Math.max(1 - this.low, Math.min(1 + this.high, near ?? ratio)) * sign;
    return held < free ? { value: held, slope: 0, stopped: true } : { value: free, slope: free, stopped: false };
  }

  /** Tokens of one sign below, within and above the bounds. */
  counts(positive: boolean): number[] {
    const result = [0, 0, 0];
    this.ratios.forEach((ratio, t) => {
      if (this.advantages[t]! > 0 === positive) result[ratio < 1 - this.low - 1e-6 ? 0 : ratio > 1 + this.high + 1e-6 ? 2 : 1]!++;
    });
    return result;
  }

  private stopped(): number {
    return this.counts(true)[2]! + this.counts(false)[0]!;
  }

  private listen(chart: Chart): void {
    const on = (target: Element, type: string, act: (event: any) => void): void =>
      target.addEventListener(type, act, { signal: this.ended.signal });
    for (const bound of ['low', 'high'] as const) {
      const grip = chart.grips[bound];
      on(grip, 'pointerdown', (event: PointerEvent) => {
        grip.setPointerCapture(event.pointerId);
        this.drag = { chart, bound };
        event.preventDefault();
        this.rove(grip);
        grip.focus();
      });
      on(grip, 'pointermove', (event: PointerEvent) => {
        if (this.drag)
          this.set(bound, Math.abs(chart.ratioAt(event.clientX) - 1), chart.ratioAt(event.clientX) < 1 !== (bound === 'low'));
      });
      for (const type of ['pointerup', 'pointercancel'])
        on(grip, type, () => {
          if (this.drag) {
            this.drag = null;
            this.announcer.say(this.sentence());
          }
        });
      on(grip, 'keydown', (event: KeyboardEvent) => this.key(event, chart, bound));
      on(grip, 'focus', () => this.rove(grip));
    }
    on(chart.svg, 'pointermove', (event: PointerEvent) => chart.point(this, event.clientX));
    on(chart.svg, 'pointerleave', () => chart.point(this, null));
  }

  private key(event: KeyboardEvent, chart: Chart, bound: Bound): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    // The arrow's direction is the ratio's: to the right, ε_high grows and ε_low shrinks.
    const grow = bound === 'high' ? 1 : -1,
      now = this[bound],
      all = this.grips(),
      at = all.indexOf(chart.grips[bound]);
    switch (event.key) {
      case 'ArrowRight':
        this.set(bound, now + grow * 0.01);
        break;
      case 'ArrowLeft':
        this.set(bound, now - grow * 0.01);
        break;
      case 'PageUp':
        this.set(bound, now + 0.1);
        break;
      case 'PageDown':
        this.set(bound, now - 0.1);
        break;
      case 'Home':
        this.set(bound, 0);
        break;
      case 'End':
        this.set(bound, this.most(bound));
        break;
      case 'ArrowUp':
        all[Math.max(at - 1, 0)]!.focus();
        break;
      case 'ArrowDown':
        all[Math.min(at + 1, all.length - 1)]!.focus();
        break;
      case 'Escape':
        this.move(this.data.low, this.data.high, true);
        break;
      default:
        return;
    }
    event.preventDefault();
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') this.announcer.say(this.sentence());
  }

  private most(bound: Bound): number {
    return bound === 'low' ? mostLow : Math.max(this.data.high, Math.round((this.data.highest - 1) * 100) / 100);
  }

  private set(bound: Bound, epsilon: number, crossed = false): void {
    const value = crossed ? 0 : Math.max(0, Math.min(this.most(bound), Math.round(epsilon * 100) / 100));
    if (bound === 'low') this.move(value, this.high, false);
    else this.move(this.low, value, false);
  }

  private move(low: number, high: number, said: boolean): void {
    [this.low, this.high] = [low, high];
    find(this.view, '.pair')!.setAttribute('data-moved', '');
    for (const chart of this.charts) chart.draw(this);
    this.table();
    this.show();
    // The first note counts the stopped tokens, as C# found them.
    const note = find(this.view, '.note');
    if (note && this.data.batch)
      note.textContent = `${count(this.ratios.length, 'token')} with an advantage; ${this.stopped()} of them get no gradient from this term.`;
    if (said) this.announcer.say(this.sentence());
  }

  private sentence(): string {
    const bounds = `ε_low ${short(this.low)}, ε_high ${short(this.high)}`,
      now = this.stopped();
    return this.data.batch
      ? `${bounds}: ${now} of ${count(this.ratios.length, 'token')} stopped${now === this.before ? '' : `, ${this.before} before`}`
      : bounds;
  }

  private show(): void {
    this.said.textContent = this.sentence();
    const c = { true: this.counts(true), false: this.counts(false) };
    for (const chart of this.charts)
      for (const bound of ['low', 'high'] as const) {
        const epsilon = this[bound],
          ratio = bound === 'low' ? 1 - epsilon : 1 + epsilon,
          beyond = c[`${chart.positive}`][bound === 'low' ? 0 : 2]!;
        const text = `${letters[bound]} ${short(epsilon)}: ${bound === 'low' ? 'r below' : 'r above'} ${short(ratio)} is ${verbs(chart.positive, bound === 'low' ? 0 : 2)}${this.data.batch ? `, ${count(beyond, 'token')}` : ''}`;
        chart.handle(bound, ratio, epsilon, this.most(bound), text);
      }
  }

  /** The six cases: where their borders lie now, and how many tokens are in each. */
  private table(): void {
    const lower = short(1 - this.low),
      upper = short(1 + this.high),
      names = [`r < ${lower}`, `${lower} … ${upper}`, `r > ${upper}`];
    const counts = [...this.counts(true), ...this.counts(false)];
    findAll(this.view, 'tbody.rows > tr').forEach((row, i) => {
      row.children[1]!.textContent = names[i % 3]!;
      if (this.data.batch) row.children[4]!.textContent = String(counts[i]);
    });
  }

  private grips(): SVGGElement[] {
    return this.charts.flatMap(chart => [chart.grips.low, chart.grips.high]);
  }

  /** One tab stop for all grips. */
  private rove(to: SVGGElement): void {
    for (const grip of this.grips()) mark(grip, 'tabindex', grip === to ? '0' : '-1');
  }
}

export function clipPlot(view: HTMLElement, payload: unknown): (() => void) | void {
  if (!find(view, 'figure g.live')) return;
  const plot = new ClipPlot(view, payload as ClipPayload);
  return () => plot.retire();
}
