import { find, findAll, mark } from '../dom/make.js';
/** The tokens of a static table as one tab stop: arrows move between them, pointing and focusing select them. */
export class TokenGrid {
  /** [ΣT] the element of each token, and of its number. */
  readonly tokens: HTMLElement[] = [];
  readonly labels: (HTMLElement | null)[] = [];
  /** [b] the table row and shape of each response, and its prompt's body. */
  readonly rows: HTMLElement[] = [];
  readonly bodies: HTMLElement[] = [];
  /** [b + 1] index of the first token of each row. */
  readonly starts: number[] = [];
  private readonly ended = new AbortController();
  private current = -1;

  constructor(
    private readonly root: HTMLElement,
    private readonly select: (token: number | null, how: 'focus' | 'hover' | 'pin') => void,
  ) {
    for (const body of findAll<HTMLElement>(root, 'tbody'))
      for (const row of findAll<HTMLElement>(body, 'tr:not(.group)')) {
        this.rows.push(row);
        this.bodies.push(body);
        this.starts.push(this.tokens.length);
        for (const token of findAll<HTMLElement>(row, 'td.toks > span:not(.more)')) {
          this.tokens.push(token);
          this.labels.push(find<HTMLElement>(token, 'small'));
        }
      }
    this.starts.push(this.tokens.length);
    this.tokens.forEach((token, t) => {
      mark(token, 'role', 'button');
      token.tabIndex = -1;
      token.dataset.at = String(t);
    });
    if (this.tokens.length > 0) this.tokens[0]!.tabIndex = 0;
    const { signal } = this.ended;
    for (const [type, act] of [
      ['keydown', this.key],
      ['focusin', this.focus],
      ['focusout', this.blur],
      ['pointerover', this.over],
      ['pointerleave', this.leave],
      ['click', this.click],
    ] as const)
      root.addEventListener(type, act as (event: Event) => void, { signal });
  }

  get focused(): number {
    return this.current;
  }

  retire(): void {
    this.ended.abort();
  }

  /** Moves the focus, and with it the tab stop. */
  go(token: number): void {
    const next = this.tokens[token];
    if (!next) return;
    this.stop(token);
    next.focus();
  }

  /** Makes a token the place where Tab enters, without moving the focus. */
  stop(token: number): void {
    for (const old of [this.tokens[this.current], this.tokens[0]]) if (old) old.tabIndex = -1;
    this.current = token;
    (this.tokens[token] ?? this.tokens[0])!.tabIndex = 0;
  }

  /** Rows in the order in which they stand now, hidden ones left out. */
  private visible(): number[] {
    return findAll<HTMLElement>(this.root, 'tbody > tr:not(.group)')
      .filter(row => !row.hidden)
      .map(row => this.rows.indexOf(row))
      .filter(row => this.starts[row + 1]! > this.starts[row]!);
  }

  private readonly indexOf = (event: Event): number => {
    const token = (event.target as Element).closest?.<HTMLElement>('[data-at]');
    return token && this.root.contains(token) ? Number(token.dataset.at) : -1;
  };

  private readonly key = (event: KeyboardEvent): void => {
    const at = this.indexOf(event);
    if (at < 0 || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') {
      this.select(null, 'focus');
      event.stopPropagation();
      return;
    }
    const order = this.visible(),
      row = this.starts.findIndex((start, r) => at >= start && at < this.starts[r + 1]!),
      place = order.indexOf(row);
    const first = (r: number): number => this.starts[order[r]!]!,
      last = (r: number): number => this.starts[order[r]! + 1]! - 1;
    const same = (r: number): number => Math.min(first(r) + at - this.starts[row]!, last(r));
    let to = -1;
    switch (event.key) {
      case 'ArrowRight':
        to = at < last(place) ? at + 1 : place + 1 < order.length ? first(place + 1) : at;
        break;
      case 'ArrowLeft':
        to = at > first(place) ? at - 1 : place > 0 ? last(place - 1) : at;
        break;
      case 'ArrowDown':
        to = place + 1 < order.length ? same(place + 1) : at;
        break;
      case 'ArrowUp':
        to = place > 0 ? same(place - 1) : at;
        break;
      case 'Home':
        to = event.ctrlKey ? first(0) : first(place);
        break;
      case 'End':
        to = event.ctrlKey ? last(order.length - 1) : last(place);
        break;
      case 'Enter':
      case ' ':
        this.select(at, 'pin');
        to = at;
        break;
      default:
        return;
    }
    event.preventDefault();
    this.go(to);
  };

  private readonly focus = (event: Event): void => {
    const at = this.indexOf(event);
    if (at < 0) return;
    this.stop(at);
    this.select(at, 'focus');
  };

  private readonly blur = (event: FocusEvent): void => {
    if (!event.relatedTarget || !this.root.contains(event.relatedTarget as Node)) this.select(null, 'hover');
  };

  private readonly over = (event: Event): void => {
    const at = this.indexOf(event);
    this.select(at < 0 ? null : at, 'hover');
  };

  private readonly leave = (): void => this.select(null, 'hover');

  private readonly click = (event: Event): void => {
    const at = this.indexOf(event);
    if (at < 0) return;
    this.go(at);
    this.select(at, 'pin');
  };
}
