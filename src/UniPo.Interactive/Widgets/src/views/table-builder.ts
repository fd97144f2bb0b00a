import { h, s } from '../dom/make.js';
import { short, signed } from '../dom/numbers.js';
import { writeLegend } from './legend.js';
import type { Colour } from './colouring.js';
import type { TokenModel } from './token-model.js';

/** The head of a column. */
export const column = (text: string, kind: string | null = 'num'): HTMLElement => h('th', { scope: 'col', class: kind }, text);

/** The table of tokens of a step that C# has not drawn: the same elements as TokenTableHtml, without colours and numbers of tokens (the painter adds them). */
export function buildTable(model: TokenModel, name: string, colour: Colour): HTMLElement {
  const colouring = model.colouring(colour),
    title = `${name}: ${colouring.name} of every token`,
    legend = h('div', { class: 'legend' });
  writeLegend(legend, colouring);
  const advantage = !!model.column('advantage');
  const head = h(
    'tr',
    {},
    column('response', 'who'),
    column('reward'),
    advantage && column('advantage'),
    column('length'),
    column('shape', 'shape'),
    column(colouring.heading, null),
  );
  const table = h(
    'table',
    {},
    h('caption', {}, h('span', { class: 'title' }, title), ' ', h('span', { class: 'sub' }, model.data.size ?? ''), legend),
    h('thead', {}, head),
  );
  for (let row = 0; row < model.rows;) {
    const group = model.groupOf(row),
      body = h('tbody', {}, groupRow(model, group, advantage ? 6 : 5));
    const seen = new Map<string, HTMLElement>();
    for (; row < model.rows && model.groupOf(row) === group; row++) {
      const line = responseRow(model, row, group, advantage),
        key = keyOf(model, row),
        first = seen.get(key);
      if (first) fold(line, first);
      else seen.set(key, line);
      body.append(line);
    }
    table.append(body);
  }
  return h('div', { class: 'scroll', 'data-drawn': true, role: 'group', 'aria-label': title }, table);
}

function groupRow(model: TokenModel, group: number, columns: number): HTMLElement {
  const { data } = model,
    prompt = data.prompts.find(p => p.group === group),
    from = data.groupStarts[group]!,
    to = data.groupStarts[group + 1]!;
  const rewards = data.rewards.slice(from, to),
    shown = data.rowIds.filter(r => r >= from && r < to).length;
  const summary =
    `${prompt?.answer ? `answer ${prompt.answer}, ` : ''}mean reward ${short(rewards.reduce((a, b) => a + b, 0) / rewards.length)}` +
    (shown < rewards.length ? `, ${shown} of ${rewards.length} responses shown` : '');
  const advantages = model.column('advantage');
  const silent =
    to - from > 1 &&
    (advantages
      ? data.rowIds.every((r, i) => r < from || r >= to || advantages[data.rowStarts[i]!] === 0)
      : new Set(rewards).size === 1);
  return h(
    'tr',
    { class: 'group' },
    h(
      'th',
      { colspan: columns, scope: 'rowgroup' },
      h('span', { class: 'prompt' }, prompt?.text ?? ''),
      ' ',
      h('span', { class: 'sub' }, summary),
      silent && ' ',
      silent && h('span', { class: 'badge' }, '∅ no signal'),
    ),
  );
}

function responseRow(model: TokenModel, row: number, group: number, advantage: boolean): HTMLElement {
  const { data } = model,
    response = data.rowIds[row]!,
    from = data.groupStarts[group]!,
    to = data.groupStarts[group + 1]!,
    rewards = data.rewards.slice(from, to);
  const reward = data.rewards[response]!,
    best = reward === Math.max(...rewards) && reward > Math.min(...rewards);
  const start = data.rowStarts[row]!,
    end = data.rowStarts[row + 1]!,
    length = data.lengths[response]!,
    cell = h('td', { class: 'toks' });
  for (let t = start; t < end; t++)
    cell.append(
      h('span', { class: t === end - 1 && isEnd(model, row, t) ? 'end' : null }, model.symbol(t), ' ', h('small', {}, '')),
      ' ',
    );
  if (end === start) cell.append(h('span', { class: 'more' }, 'no tokens'));
  else if (end - start < length) cell.append(h('span', { class: 'more' }, `${end - start} of ${length} tokens`));
  if (data.truncated?.[response]) cell.append(h('i', { class: 'badge' }, '✂ cut off'));
  return h(
    'tr',
    {},
    h('th', { scope: 'row', class: 'who' }, String(response - from + 1)),
    h('td', { class: best ? 'num win' : 'num', 'data-name': 'reward' }, short(reward)),
    advantage && h('td', { class: 'num', 'data-name': 'advantage' }, advantageText(model.column('advantage')!, start, end)),
    h('td', { class: 'num', 'data-name': 'length' }, String(length)),
    h(
      'td',
      { class: 'shape' },
      s('svg', { width: Math.max(end - start, 1) * 5, height: 30, 'aria-hidden': 'true' }, s('path', { class: 'axis' })),
    ),
    cell,
  );
}

/** The advantage of a response: one number, or the mean where its tokens differ. */
export function advantageText(column: ArrayLike<number>, start: number, end: number): string {
  if (end === start) return '—';
  let sum = 0,
    low = Infinity,
    high = -Infinity;
  for (let t = start; t < end; t++) {
    sum += column[t]!;
    low = Math.min(low, column[t]!);
    high = Math.max(high, column[t]!);
  }
  const varies = high - low > 1e-9 * Math.max(1e-12, Math.abs(low), Math.abs(high));
  return (varies ? 'mean ' : '') + signed(sum / (end - start));
}

/** The closing symbol of a finished response: one character, or a name in angle brackets. */
function isEnd(model: TokenModel, row: number, token: number): boolean {
  const response = model.data.rowIds[row]!,
    symbol = model.symbol(token);
  return (
    !model.data.truncated?.[response] &&
    model.data.rowStarts[row + 1]! - model.data.rowStarts[row]! === model.data.lengths[response] &&
    (symbol.length === 1 || /^<.*>$/.test(symbol))
  );
}

/** What two responses must share to be one row: tokens, reward and every number. */
function keyOf(model: TokenModel, row: number): string {
  const { data, batch } = model,
    weight = model.column('weight'),
    parts: (string | number)[] = [data.rewards[data.rowIds[row]!]!, data.truncated?.[data.rowIds[row]!] ?? 0];
  for (let t = data.rowStarts[row]!; t < data.rowStarts[row + 1]!; t++)
    parts.push(model.symbol(t), batch.logProbs[t]!, batch.oldLogProbs[t]!, weight?.[t] ?? 0);
  return parts.join('\u0001');
}

function fold(line: HTMLElement, first: HTMLElement): void {
  const head = first.firstElementChild!,
    number = head.firstChild!.textContent!.trim(),
    badge = head.querySelector('.times');
  const times = badge ? Number(badge.textContent!.slice(2)) + 1 : 2;
  first.dataset.twins = number;
  if (badge) badge.textContent = `× ${times}`;
  else head.append(' ', h('span', { class: 'times' }, '× 2'));
  line.className = 'twin';
  line.dataset.of = number;
  line.hidden = true;
}
