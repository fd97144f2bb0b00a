import { find, findAll, freshId, h } from './make.js';

/** A row of controls that is one tab stop. */
export function toolbar(label: string, ...controls: HTMLElement[]): HTMLElement {
  const bar = h('div', { class: 'bar', role: 'toolbar', 'aria-label': label, 'data-added': true }, ...controls);
  rove(bar)();
  return bar;
}

/** Makes controls one tab stop: left and right move between them, up and down change the focused one. The result chooses the stop anew. */
export function rove(bar: HTMLElement): () => void {
  const stops = (): HTMLElement[] => findAll<HTMLElement>(bar, 'button, select, input').filter(c => !c.hasAttribute('disabled'));
  const choose = (stop: HTMLElement | undefined): void => {
    for (const other of stops()) other.tabIndex = other === stop ? 0 : -1;
  };
  bar.addEventListener('focusin', event => choose(stops().find(stop => stop === event.target)));
  bar.addEventListener('keydown', event => {
    // In a number field Home and End stay with the text; left and right leave it, for no other key leads to the next control.
    const list = stops(),
      at = list.indexOf(event.target as HTMLElement),
      typing = (event.target as HTMLInputElement).type === 'number';
    const to =
      event.key === 'ArrowRight'
        ? at + 1
        : event.key === 'ArrowLeft'
          ? at - 1
          : event.key === 'Home' && !typing
            ? 0
            : event.key === 'End' && !typing
              ? list.length - 1
              : -2;
    if (at < 0 || to < -1) return;
    event.preventDefault();
    list[(to + list.length) % list.length]?.focus();
  });
  return () => choose(stops().find(stop => stop === document.activeElement) ?? stops()[0]);
}

/** A labelled choice. */
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  value: T,
  change: (value: T) => void,
): HTMLElement {
  const id = freshId('choice');
  const select = h('select', { id, change: () => change(select.value as T) });
  for (const [key, text] of options) select.append(h('option', { value: key, selected: key === value }, text));
  return h('span', { class: 'field' }, h('label', { for: id }, label), select);
}

/** Replaces the options of a choice and keeps what was chosen where it still exists. */
export function setOptions(field: HTMLElement, options: readonly (readonly [string, string])[]): void {
  const select = find<HTMLSelectElement>(field, 'select')!,
    before = select.value;
  select.replaceChildren(...options.map(([key, text]) => h('option', { value: key }, text)));
  if (options.some(([key]) => key === before)) select.value = before;
}

export const button = (text: string, click: () => void, attributes: Record<string, string> = {}): HTMLButtonElement =>
  h('button', { type: 'button', click, ...attributes }, text);

/** A region that tells screen readers what has changed. */
export class Announcer {
  readonly widget = h('div', { class: 'gone', role: 'status', 'data-added': true });
  private last = '';

  say(text: string): void {
    // The same sentence twice is only read again when the text differs.
    this.widget.textContent = this.last = text === this.last ? text + '\u200a' : text;
  }
}
