import { find, h, mark, sweep } from '../dom/make.js';
import { Announcer, button, choice, toolbar } from '../dom/toolbar.js';
import { jumps } from '../plot/events.js';
import { CurvePanel, frameOf, type Frame, type Look } from './curve-panel.js';
import { nearest, RunModel, type RunPayload } from './run-model.js';

/** Interaction of learning curves: a cursor that all panels share, zoom, smoothing, scale, any metric, the next jump. */
export class Curves {
  readonly panels = new Map<string, CurvePanel>();
  readonly announcer = new Announcer();
  readonly bar: HTMLElement;
  private readonly host: HTMLElement;
  private readonly steps: number[];
  private readonly chips: HTMLElement;
  private readonly frame: Frame;
  private look: Look;
  private focused: CurvePanel;
  private readonly ended = new AbortController();
  private brush: [number, number] | null = null;
  /** The step at the cursor; null without one. */
  step: number | null = null;
  /** Called when a step is chosen: by a click, a key or a jump, not by pointing. */
  onPick: (step: number) => void = () => undefined;

  constructor(
    private readonly view: HTMLElement,
    readonly model: RunModel,
  ) {
    this.host = find<HTMLElement>(view, '.panels')!;
    this.steps = model.steps;
    this.frame = frameOf(find<SVGSVGElement>(this.host, 'svg'));
    this.look = {
      from: model.firstStep,
      to: model.lastStep,
      window: model.data.window,
      log: false,
      selected: model.data.selected ?? null,
    };
    for (const key of model.data.shown) {
      const figure = Array.from(this.host.children).find(f => f.getAttribute('data-metric') === key) as HTMLElement | undefined;
      this.add(key, figure ?? null);
    }
    this.focused = [...this.panels.values()][0]!;
    this.chips = h(
      'span',
      { class: 'chips', role: 'group', 'aria-label': 'metrics' },
      ...model.data.metrics.map(m => this.chip(m.key)),
    );
    const windows = [...new Set([1, 5, 10, 25, 50, 100, model.data.window])].sort((a, b) => a - b);
    this.bar = toolbar(
      'settings of the curves',
      this.chips,
      choice(
        'smooth',
        windows.map(n => [String(n), n === 1 ? 'off' : `${n} steps`] as const),
        String(model.data.window),
        n => this.set({ window: Number(n) }),
      ),
      choice(
        'scale',
        [
          ['linear', 'linear'],
          ['log', 'logarithmic'],
        ],
        'linear',
        scale => this.set({ log: scale === 'log' }),
      ),
      button('next spike', () => this.jump(true)),
      button('next collapse', () => this.jump(false)),
      button('whole run', () => this.set({ from: model.firstStep, to: model.lastStep })),
    );
    this.host.before(this.bar);
    this.host.after(this.announcer.widget);
    this.rove();
  }

  retire(): void {
    this.ended.abort();
    sweep(this.view);
  }

  /** Moves the cursor to the step nearest to a number. */
  go(step: number | null): void {
    this.step = step === null ? null : this.steps[nearest(this.steps, step)]!;
    for (const panel of this.panels.values()) {
      panel.cursor(this.step, this.brush);
      this.describe(panel);
    }
  }

  private pick(step: number): void {
    this.go(step);
    if (this.step !== null) this.onPick(this.step);
  }

  /** Marks the step that is open. */
  select(step: number): void {
    this.set({ selected: step });
  }

  private set(change: Partial<Look>): void {
    this.look = { ...this.look, ...change };
    for (const panel of this.panels.values()) panel.draw(this.look);
    this.go(this.step);
  }

  private add(key: string, figure: HTMLElement | null): void {
    const panel = new CurvePanel(this.model, key, figure, this.frame),
      svg = panel.svg;
    this.panels.set(key, panel);
    if (!figure) {
      panel.draw(this.look);
      this.host.append(panel.widget);
    } else if (this.look.from !== this.model.firstStep || this.look.to !== this.model.lastStep) panel.draw(this.look);
    mark(svg, 'role', 'slider');
    mark(svg, 'aria-label', `${panel.metric.label} at a step`);
    const on = <K extends keyof SVGElementEventMap>(type: K, act: (event: SVGElementEventMap[K]) => void): void =>
      svg.addEventListener(type, act, { signal: this.ended.signal });
    on('pointermove', event => this.point(panel, event));
    on('pointerdown', event => this.press(panel, event));
    on('pointerup', () => this.release());
    on('pointercancel', () => {
      this.brush = null;
      this.go(this.step);
    });
    on('pointerleave', () => {
      if (!this.brush && document.activeElement !== svg) this.go(null);
    });
    on('dblclick', () => this.set({ from: this.model.firstStep, to: this.model.lastStep }));
    on('keydown', event => this.key(panel, event));
    on('focus', () => {
      this.focused = panel;
      this.rove();
      if (this.step === null) this.go(this.look.to);
    });
    this.describe(panel);
  }

  private describe(panel: CurvePanel): void {
    const step = this.step ?? this.look.to;
    mark(panel.svg, 'aria-valuemin', String(this.model.firstStep));
    mark(panel.svg, 'aria-valuemax', String(this.model.lastStep));
    mark(panel.svg, 'aria-valuenow', String(step));
    mark(panel.svg, 'aria-valuetext', `step ${step}: ${panel.values(step)}`);
  }

  /** One tab stop for all panels: the focused one. */
  private rove(): void {
    for (const panel of this.panels.values()) panel.svg.tabIndex = panel === this.focused ? 0 : -1;
  }

  private chip(key: string): HTMLElement {
    const metric = this.model.metric(key),
      chip = button(
        metric.label,
        () => {
          const on = !this.panels.has(key);
          if (!on && this.panels.size === 1) {
            this.announcer.say('One metric always stays.');
            return;
          }
          if (on) this.add(key, find<HTMLElement>(this.host, `[data-metric="${CSS.escape(key)}"]`));
          else {
            const panel = this.panels.get(key)!;
            // The static figure is only hidden, so that a copy of the output still has it.
            if (panel.widget.hasAttribute('data-added')) panel.widget.remove();
            else panel.widget.hidden = true;
            this.panels.delete(key);
            if (this.focused === panel) this.focused = [...this.panels.values()][0]!;
          }
          mark(chip, 'aria-pressed', String(on));
          this.rove();
          this.set({});
        },
        { 'aria-pressed': String(this.panels.has(key)), title: metric.meaning },
      );
    return chip;
  }

  private point(panel: CurvePanel, event: PointerEvent): void {
    const step = panel.stepAt(event.clientX);
    if (this.brush) this.brush = [this.brush[0], step];
    this.go(step);
  }

  private press(panel: CurvePanel, event: PointerEvent): void {
    if (event.button !== 0) return;
    panel.svg.setPointerCapture(event.pointerId);
    this.brush = [panel.stepAt(event.clientX), panel.stepAt(event.clientX)];
  }

  private release(): void {
    const brush = this.brush;
    this.brush = null;
    if (!brush) return;
    const [from, to] = [Math.min(...brush), Math.max(...brush)];
    // A click is not a brush: less than a fiftieth of the view leaves the zoom alone.
    if (to - from < Math.max(1, (this.look.to - this.look.from) / 50)) {
      if (this.step !== null) this.pick(this.step);
      return;
    }
    this.set({ from: Math.floor(from), to: Math.ceil(to) });
    this.announcer.say(`steps ${Math.floor(from)} to ${Math.ceil(to)}`);
  }

  private zoom(factor: number): void {
    const middle = this.step ?? (this.look.from + this.look.to) / 2,
      half = Math.max(2, ((this.look.to - this.look.from) * factor) / 2);
    this.set({
      from: Math.max(this.model.firstStep, Math.round(middle - half)),
      to: Math.min(this.model.lastStep, Math.round(middle + half)),
    });
    this.announcer.say(`steps ${this.look.from} to ${this.look.to}`);
  }

  private key(panel: CurvePanel, event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.step === null ? this.steps.length - 1 : nearest(this.steps, this.step),
      tenth = Math.max(1, Math.round(this.steps.length / 10));
    const move = (by: number): void => this.pick(this.steps[Math.max(0, Math.min(this.steps.length - 1, at + by))]!);
    const list = [...this.panels.values()],
      place = list.indexOf(panel);
    switch (event.key) {
      case 'ArrowRight':
        move(event.shiftKey ? 10 : 1);
        break;
      case 'ArrowLeft':
        move(event.shiftKey ? -10 : -1);
        break;
      case 'PageUp':
        move(tenth);
        break;
      case 'PageDown':
        move(-tenth);
        break;
      case 'Home':
        move(-at);
        break;
      case 'End':
        move(this.steps.length);
        break;
      case 'ArrowDown':
        list[Math.min(place + 1, list.length - 1)]!.svg.focus();
        break;
      case 'ArrowUp':
        list[Math.max(place - 1, 0)]!.svg.focus();
        break;
      case '+':
        this.zoom(0.5);
        break;
      case '-':
        this.zoom(2);
        break;
      case '0':
        this.set({ from: this.model.firstStep, to: this.model.lastStep });
        break;
      case 'Escape':
        this.go(null);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  /** The next spike or collapse of the focused metric after the cursor; from the start again after the last. */
  private jump(up: boolean): void {
    const l = this.focused.lines[0]!,
      all = jumps(l.mean).filter(j => j.up === up),
      word = up ? 'spike' : 'collapse';
    const after = this.step === null ? -1 : nearest(l.steps, this.step);
    const next = all.find(j => j.index > after) ?? all[0];
    if (!next) {
      this.announcer.say(`no ${word} of ${this.focused.metric.label}`);
      return;
    }
    const step = l.steps[next.index]!;
    if (step < this.look.from || step > this.look.to) this.set({ from: this.model.firstStep, to: this.model.lastStep });
    this.pick(step);
    this.announcer.say(
      `${word} of ${this.focused.metric.label} at step ${step}: ${this.focused.values(step)}; ${all.length} in all`,
    );
  }
}

/** The numbers of a view's curves, with the looks that C# has given them. */
export function modelOf(view: HTMLElement, data: RunPayload): RunModel {
  const marks = find<HTMLElement>(view, '.panels')?.dataset,
    list = (text?: string): number[] | undefined => text?.split(' ').map(Number);
  return new RunModel({ ...data, looks: list(marks?.looks), warnings: list(marks?.warnings) });
}

export function learningCurves(view: HTMLElement, payload: unknown): (() => void) | void {
  if (!find(view, '.panels')) return;
  const curves = new Curves(view, modelOf(view, payload as RunPayload));
  return () => curves.retire();
}
