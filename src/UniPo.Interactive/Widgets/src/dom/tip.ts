import { button } from './toolbar.js';
import { h, put, type Child } from './make.js';

/**
 * A box beside the place that is looked at. It comes with the pointer or the focus, stays when it is pinned, and lies above
 * everything else, so that no scrolling box cuts it.
 */
export class Tip {
  readonly widget: HTMLElement;
  private anchor: Element | null = null;
  private readonly body = h('div');
  private readonly close = button('×', () => this.hide(), { class: 'close', 'aria-label': 'close' });
  private readonly ended = new AbortController();
  pinned = false;

  constructor(
    label: string,
    private readonly closed: () => void = () => undefined,
  ) {
    this.widget = h(
      'div',
      { class: 'tip', 'data-added': true, role: 'group', 'aria-label': label, tabindex: -1, popover: 'manual' },
      this.close,
      this.body,
    );
    this.close.hidden = true;
    const { signal } = this.ended,
      place = (): void => this.place();
    addEventListener('scroll', place, { signal, passive: true, capture: true });
    addEventListener('resize', place, { signal, passive: true });
    this.widget.addEventListener(
      'keydown',
      event => {
        if (event.key === 'Escape') {
          this.hide();
          event.stopPropagation();
        }
      },
      { signal },
    );
  }

  retire(): void {
    this.ended.abort();
    this.widget.remove();
  }

  show(anchor: Element, ...children: Child[]): void {
    this.anchor = anchor;
    put(this.body, ...children);
    if (this.widget.isConnected && !this.open) this.widget.showPopover?.();
    this.widget.scrollTop = 0;
    this.place();
  }

  pin(): void {
    this.pinned = true;
    this.close.hidden = false;
    this.widget.classList.add('pinned');
    this.place();
  }

  hide(): void {
    const was = this.pinned;
    this.pinned = false;
    this.close.hidden = true;
    this.widget.classList.remove('pinned');
    if (this.open) this.widget.hidePopover();
    if (was) this.closed();
  }

  private get open(): boolean {
    return this.widget.matches(':popover-open');
  }

  /** Below the place, or above it where there is more room; never over it. */
  private place(): void {
    if (!this.anchor || !this.open) return;
    const at = this.anchor.getBoundingClientRect(),
      own = this.widget.getBoundingClientRect(),
      wide = document.documentElement.clientWidth,
      high = innerHeight;
    const below = high - at.bottom - 10,
      above = at.top - 10,
      top = below >= own.height || below >= above ? at.bottom + 6 : Math.max(4, at.top - own.height - 6);
    Object.assign(this.widget.style, {
      left: `${Math.max(4, Math.min(at.left, wide - own.width - 4))}px`,
      top: `${top}px`,
      maxHeight: `${Math.max(120, Math.max(below, above))}px`,
    });
  }
}
