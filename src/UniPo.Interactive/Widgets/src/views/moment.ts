import type { ObjectiveSpec } from '../core/spec.js';
import { find, findAll, h, mark, meaning, s, sweep } from '../dom/make.js';
import { share } from '../dom/numbers.js';
import { unpackText, type TokenPayload } from '../dom/payload.js';
import { Announcer, button, toolbar } from '../dom/toolbar.js';
import { Colouring } from './colouring.js';
import { Knobs, type Tried } from './knobs.js';
import { TokenModel } from './token-model.js';
import { othersOf } from './what-if.js';

interface MomentPayload {
  readonly steps: number[];
  /** Row of each answer in its frame; −1 where it was not sampled there. */
  readonly rows: number[][];
  /** What is told from which frame on. */
  readonly captions: [number, string][];
  /** The push with the full colour. */
  readonly limit: number;
  readonly frames: TokenPayload[];
  readonly objective?: TokenPayload['objective'];
  readonly others?: TokenPayload['others'];
  readonly without?: string[];
}

/** Seconds that the whole way takes when it is played. */
const length = 20;

/** One group of answers over a training: one column of bars that a scrubber moves. Rows stay where they are. */
class Moment {
  private readonly table: HTMLElement;
  private readonly models: (TokenModel | undefined)[] = [];
  private readonly slider: HTMLInputElement;
  private readonly play: HTMLButtonElement;
  private readonly head: HTMLElement;
  private readonly announcer = new Announcer();
  private readonly told = h('p', { class: 'told', 'data-added': true });
  private readonly cells: HTMLElement[];
  private readonly chart: SVGSVGElement | null;
  private readonly cursor = s('path', { class: 'cursor', 'data-added': true });
  private readonly ended = new AbortController();
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private knobs: Knobs | null = null;
  private spec: Tried | null = null;

  constructor(
    private readonly view: HTMLElement,
    private readonly data: MomentPayload,
  ) {
    this.table = find<HTMLElement>(view, '.stage')!;
    this.head = find<HTMLElement>(this.table, 'thead th:nth-child(2)')!;
    this.cells = findAll<HTMLElement>(this.table, 'tbody td:nth-child(2)');
    this.chart = find<SVGSVGElement>(view, '.race svg');
    const last = data.steps.length - 1,
      { signal } = this.ended;
    this.play = button('▶ play', () => this.toggle(), { class: 'play' });
    this.slider = h('input', {
      type: 'range',
      class: 'scrub',
      min: 0,
      max: last,
      value: 0,
      'aria-label': 'training step',
      'data-added': true,
    });
    this.slider.addEventListener(
      'input',
      () => {
        this.stop();
        this.show(Number(this.slider.value));
      },
      { signal },
    );
    const bar = toolbar(
      'the training',
      this.play,
      button('◀', () => this.go(-1), { 'aria-label': 'step before' }),
      button('▶', () => this.go(1), { 'aria-label': 'next step' }),
    );
    const scene = find<HTMLElement>(view, '.scene')!;
    scene.before(this.told, bar, this.slider);
    scene.after(this.announcer.widget);
    mark(this.table, 'data-stage', '');
    if (this.chart) {
      this.chart.append(this.cursor);
      const seek = (event: PointerEvent): void => {
        if (event.buttons || event.type === 'pointerdown') {
          this.stop();
          this.show(this.under(event));
        }
      };
      for (const type of ['pointerdown', 'pointermove'] as const) this.chart.addEventListener(type, seek, { signal });
    }
    if (data.objective) this.whatIf(scene);
    this.show(0);
  }

  retire(): void {
    this.stop();
    this.ended.abort();
    this.spec = null;
    this.show(0);
    this.table.removeAttribute('data-stage');
    sweep(this.view);
  }

  private model(frame: number): TokenModel {
    return (this.models[frame] ??= new TokenModel(
      this.data.objective ? { ...this.data.frames[frame]!, objective: this.data.objective } : this.data.frames[frame]!,
    ));
  }

  /** Shows a frame: heights, colours and numbers of the bars that are there. */
  private show(frame: number): void {
    this.frame = Math.max(0, Math.min(this.data.steps.length - 1, frame));
    const model = this.model(this.frame),
      step = this.data.steps[this.frame]!,
      colouring = new Colouring('weight', this.data.limit, '');
    if (this.spec) {
      try {
        model.evaluation = model.evaluate(this.spec);
      } catch (error) {
        this.announcer.say(error instanceof Error ? error.message : String(error));
      }
    } else model.evaluation = model.original;
    const weight = model.column('weight');
    this.cells.forEach((cell, a) => {
      const row = this.data.rows[this.frame]![a]!,
        from = row < 0 ? -1 : model.data.rowStarts[row]!;
      let whole = row < 0 ? NaN : 0;
      findAll<HTMLElement>(cell, '.bar-of').forEach((bar, i) => {
        const log = from < 0 ? NaN : model.batch.logProbs[from + i]!,
          push = from < 0 ? NaN : (weight?.[from + i] ?? NaN);
        whole += log;
        paint(bar, Math.exp(log), push, colouring);
      });
      const rail = findAll(cell, '.rail rect')[1]!;
      mark(
        rail,
        'width',
        round((Number.isFinite(whole) ? Math.exp(whole) : 0) * Number(rail.parentElement!.getAttribute('width'))),
      );
      find(cell, '.share')!.textContent = share(Math.exp(whole));
    });
    this.head.textContent = `step ${step}`;
    this.slider.value = String(this.frame);
    mark(this.slider, 'aria-valuetext', `step ${step}`);
    let text = '';
    for (const [start, said] of this.data.captions) if (this.frame >= start) text = said;
    if (this.told.textContent !== text) this.told.textContent = text;
    if (this.chart) mark(this.cursor, 'd', `M${round(this.x(this.frame))} ${this.plot[1]}V${this.plot[3]}`);
  }

  private get plot(): number[] {
    return this.chart!.dataset.plot!.split(' ').map(Number);
  }

  private x(frame: number): number {
    const [left, , right] = this.plot as [number, number, number],
      { steps } = this.data,
      first = steps[0]!,
      last = steps[steps.length - 1]!;
    return left + ((steps[frame]! - first) / (last - first)) * (right - left);
  }

  /** The frame under a place of the chart. */
  private under(event: PointerEvent): number {
    const box = this.chart!.getBoundingClientRect(),
      at = ((event.clientX - box.left) / box.width) * this.chart!.viewBox.baseVal.width;
    let best = 0;
    for (let f = 1; f < this.data.steps.length; f++) if (Math.abs(this.x(f) - at) < Math.abs(this.x(best) - at)) best = f;
    return best;
  }

  private go(by: number): void {
    this.stop();
    this.show(this.frame + by);
    this.announcer.say(this.sentence());
  }

  private sentence(): string {
    return (
      `step ${this.data.steps[this.frame]}: ` +
      this.cells.map(cell => `${find(cell.parentElement!, 'th b')!.textContent} ${find(cell, '.share')!.textContent}`).join(', ')
    );
  }

  private toggle(): void {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    if (this.frame === this.data.steps.length - 1) this.show(0);
    this.play.textContent = '❚❚ pause';
    this.announcer.say(this.told.textContent!);
    this.tick();
  }

  private tick(): void {
    this.timer = setTimeout(
      () => {
        const said = this.told.textContent;
        this.show(this.frame + 1);
        if (said !== this.told.textContent) this.announcer.say(this.told.textContent!);
        if (this.frame < this.data.steps.length - 1) this.tick();
        else this.stop();
      },
      (length * 1000) / Math.max(1, this.data.steps.length - 1),
    );
  }

  private stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.play.textContent = '▶ play';
  }

  /** Knobs on the objective, which change the pushes of every step; made when they are first asked for. */
  private whatIf(scene: HTMLElement): void {
    const fold = h('details', { 'data-added': true }, h('summary', {}, 'What if …'));
    fold.addEventListener('toggle', () => {
      if (!fold.open || this.knobs) return;
      this.knobs = new Knobs(
        unpackText<ObjectiveSpec>(this.data.objective!),
        othersOf(this.data),
        tried => {
          this.spec = tried;
          this.show(this.frame);
        },
        word => meaning(this.view, word),
      );
      fold.append(this.knobs.widget, ...(this.data.without ?? []).map(why => h('p', { class: 'note' }, why)));
    });
    scene.before(fold);
  }
}

function paint(bar: HTMLElement, probability: number, push: number, colouring: Colouring): void {
  const rect = find(bar, 'rect')!,
    tube = Number(rect.parentElement!.getAttribute('height')),
    height = (Number.isFinite(probability) ? probability : 0) * tube;
  const name = colouring.classOf(push) || 'off',
    [said, sign] = findAll(bar, 'small');
  if (rect.getAttribute('class') !== name) mark(rect, 'class', name);
  mark(rect, 'y', round(tube - height));
  mark(rect, 'height', round(height));
  said!.textContent = share(probability);
  sign!.textContent = Number.isFinite(push)
    ? (push > 0 ? '▲ ' : push < 0 ? '▼ ' : '') + colouring.label(Math.abs(push)).replace('+', '')
    : '';
}

const round = (x: number): number => Math.round(x * 10) / 10;

export function moment(view: HTMLElement, payload: unknown): (() => void) | void {
  const data = payload as MomentPayload;
  if (!find(view, '.stage') || data.steps.length < 2) return;
  const instance = new Moment(view, data);
  return () => instance.retire();
}
