import { find, h, mark, sweep } from '../dom/make.js';
import { Announcer, button, choice, toolbar } from '../dom/toolbar.js';

const everyBeat = -1;

/** The six beats of a step, one after another on one stage: played, paused, stepped through, or all side by side as at first. */
class Tour {
  private readonly list: HTMLElement;
  private readonly beats: HTMLElement[];
  private readonly announcer = new Announcer();
  private readonly play: HTMLButtonElement;
  private readonly chips: HTMLButtonElement[];
  private readonly bar: HTMLElement;
  private readonly ended = new AbortController();
  private at = everyBeat;
  private seconds = 5;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly view: HTMLElement) {
    this.list = find<HTMLElement>(view, '.beats')!;
    this.beats = Array.from(this.list.children) as HTMLElement[];
    this.play = button('', () => this.toggle(), { class: 'play' });
    this.chips = this.beats.map((beat, i) => button(`${i + 1} ${beat.dataset.beat}`, () => { this.pause(); this.show(i); }));
    this.bar = toolbar('the tour', this.play, button('◀', () => this.go(-1), { 'aria-label': 'beat before' }), button('▶', () => this.go(1), { 'aria-label': 'next beat' }),
      h('span', { class: 'chips', role: 'group', 'aria-label': 'beats' }, ...this.chips),
      choice('pace', [['3', 'quick'], ['5', 'usual'], ['9', 'slow']], '5', seconds => this.hurry(Number(seconds))),
      button('all six', () => { this.pause(); this.show(everyBeat); }));
    this.list.before(this.bar);
    this.list.after(this.announcer.widget);
    this.list.addEventListener('keydown', event => this.key(event), { signal: this.ended.signal });
    // A copy of a running tour starts with all six, as C# wrote them.
    this.show(everyBeat);
    this.label();
  }

  retire(): void {
    this.pause();
    this.show(everyBeat);
    this.ended.abort();
    sweep(this.view);
  }

  /** Shows one beat, or all of them. */
  private show(at: number): void {
    const focused = this.beats.includes(document.activeElement as HTMLElement);
    this.at = at;
    this.list.toggleAttribute('data-stage', at !== everyBeat);
    this.beats.forEach((beat, i) => {
      beat.classList.toggle('now', i === at);
      if (i === at) beat.tabIndex = 0; else beat.removeAttribute('tabindex');
      if (i === at) mark(this.chips[i]!, 'aria-current', 'step'); else this.chips[i]!.removeAttribute('aria-current');
    });
    if (focused && at !== everyBeat) this.beats[at]!.focus();
    if (at !== everyBeat) this.announcer.say(`beat ${at + 1} of ${this.beats.length}: ${find(this.beats[at]!, 'p')!.textContent}`);
  }

  private go(by: number): void {
    this.pause();
    this.show(this.at === everyBeat ? (by > 0 ? 0 : this.beats.length - 1) : Math.max(0, Math.min(this.beats.length - 1, this.at + by)));
  }

  private toggle(): void {
    if (this.timer !== null) { this.pause(); return; }
    this.show(this.at === everyBeat || this.at === this.beats.length - 1 ? 0 : this.at);
    this.wait();
  }

  private wait(): void {
    this.timer = setTimeout(() => {
      this.show(this.at + 1);
      if (this.at < this.beats.length - 1) this.wait(); else this.pause();
    }, this.seconds * 1000);
    this.view.style.setProperty('--pace', `${this.seconds}s`);
    this.label();
  }

  private pause(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.label();
  }

  private hurry(seconds: number): void {
    this.seconds = seconds;
    if (this.timer !== null) { this.pause(); this.wait(); }
  }

  private label(): void {
    const running = this.timer !== null;
    this.play.textContent = running ? '❚❚ pause' : '▶ play';
    this.bar.toggleAttribute('data-playing', running);
  }

  private key(event: KeyboardEvent): void {
    if (this.at === everyBeat || event.ctrlKey || event.altKey || event.metaKey || !this.beats.includes(event.target as HTMLElement)) return;
    switch (event.key) {
      case 'ArrowRight': this.go(1); break;
      case 'ArrowLeft': this.go(-1); break;
      case 'Home': this.go(-this.beats.length); break;
      case 'End': this.go(this.beats.length); break;
      case ' ': this.toggle(); break;
      case 'Escape': this.pause(); this.show(everyBeat); this.play.focus(); break;
      default: return;
    }
    event.preventDefault();
  }
}

export function guidedTour(view: HTMLElement): (() => void) | void {
  if (!find(view, '.beats')) return;
  const tour = new Tour(view);
  return () => tour.retire();
}
