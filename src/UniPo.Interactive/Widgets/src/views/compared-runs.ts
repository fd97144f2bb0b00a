import { find, findAll } from '../dom/make.js';
import { choice } from '../dom/toolbar.js';
import { Curves, modelOf } from './curves.js';
import type { RunPayload } from './run-model.js';

/** Curves of several settings and their ranking: a setting that is pointed at, or chosen, stands out in every panel and in the table. */
export function comparedRuns(view: HTMLElement, payload: unknown): (() => void) | void {
  const panels = find<HTMLElement>(view, '.panels');
  if (!panels) return;
  const data = payload as RunPayload,
    curves = new Curves(view, modelOf(view, data)),
    ended = new AbortController();
  const rows = findAll<HTMLElement>(view, '.standings tr[data-series]');
  let chosen = '';
  const only = (series: string): void => {
    if (series) panels.dataset.only = String(curves.model.look(Number(series)));
    else delete panels.dataset.only;
    for (const row of rows) row.classList.toggle('this', row.dataset.series === series);
  };
  for (const row of rows) {
    row.addEventListener('pointerenter', () => only(row.dataset.series!), { signal: ended.signal });
    row.addEventListener('pointerleave', () => only(chosen), { signal: ended.signal });
  }
  const all: [string, string][] = [
    ['', 'all settings alike'],
    ...data.series.map((s, i): [string, string] => [String(i), s.label]),
  ];
  const field = choice('bring out', all, '', series => {
    only((chosen = series));
    curves.announcer.say(all.find(([key]) => key === series)![1]);
  });
  find<HTMLElement>(field, 'select')!.tabIndex = -1;
  curves.bar.append(field);
  return () => {
    ended.abort();
    only('');
    curves.retire();
  };
}
