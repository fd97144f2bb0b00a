import { short } from '../dom/numbers.js';
import type { TokenGrid } from './token-grid.js';
import type { TokenModel } from './token-model.js';

type Options = (readonly [string, string])[];

export const sorts: Options = [
  ['sampled', 'as sampled'],
  ['reward-', 'highest reward first'],
  ['reward+', 'lowest reward first'],
  ['length-', 'longest first'],
  ['length+', 'shortest first'],
  ['clipped-', 'most clipped first'],
];

/** The filters that leave something out of this batch, with how many responses they leave. */
export function filters(model: TokenModel): Options {
  const all = Array.from({ length: model.rows }, (_, r) => r),
    options: Options = [['all', `all ${all.length} responses`]];
  const offer = (key: string, text: string): void => {
    const left = all.filter(r => passes(model, key, r)).length;
    if (left > 0 && left < all.length) options.push([key, `${text} (${left})`]);
  };
  const rewards = [...new Set(all.map(r => model.data.rewards[model.data.rowIds[r]!]!))].sort((a, b) => b - a);
  if (rewards.length <= 6) for (const reward of rewards) offer(`reward=${reward}`, `reward ${short(reward)}`);
  else {
    offer('reward>', 'reward above the mean');
    offer('reward<', 'reward below the mean');
  }
  offer('length>', 'longer than the mean');
  offer('length<', 'shorter than the mean');
  offer('clipped', 'with clipped tokens');
  offer('silent', 'without any gradient');
  offer('truncated', 'cut off');
  return options;
}

export function passes(model: TokenModel, key: string, row: number): boolean {
  const response = model.data.rowIds[row]!,
    mean = (of: number[]) => model.data.rowIds.reduce((sum, i) => sum + of[i]!, 0) / model.rows;
  if (key.startsWith('reward=')) return model.data.rewards[response] === Number(key.slice(7));
  switch (key) {
    case 'reward>':
      return model.data.rewards[response]! > mean(model.data.rewards);
    case 'reward<':
      return model.data.rewards[response]! < mean(model.data.rewards);
    case 'length>':
      return model.data.lengths[response]! > mean(model.data.lengths);
    case 'length<':
      return model.data.lengths[response]! < mean(model.data.lengths);
    case 'clipped':
      return model.clippedShare(row) > 0;
    case 'truncated':
      return !!model.data.truncated?.[response];
    case 'silent': {
      const weight = model.column('weight');
      for (let t = model.data.rowStarts[row]!; weight && t < model.data.rowStarts[row + 1]!; t++)
        if (weight[t] !== 0) return false;
      return !!weight;
    }
    default:
      return true;
  }
}

/** Sorts the responses inside each prompt and hides those that the filter leaves out; returns how many are left. */
export function arrange(model: TokenModel, grid: TokenGrid, sort: string, filter: string): number {
  const key = (row: number): number => {
    const response = model.data.rowIds[row]!;
    return sort.startsWith('reward')
      ? model.data.rewards[response]!
      : sort.startsWith('length')
        ? model.data.lengths[response]!
        : sort.startsWith('clipped')
          ? model.clippedShare(row)
          : 0;
  };
  const sign = sort.endsWith('-') ? -1 : 1;
  let left = 0;
  for (const body of new Set(grid.bodies)) {
    const rows = grid.rows.map((_, r) => r).filter(r => grid.bodies[r] === body);
    rows.sort((a, b) => sign * (key(a) - key(b)) || a - b);
    let shown = 0;
    for (const r of rows) {
      const keep = passes(model, filter, r);
      if (keep) shown++;
      grid.rows[r]!.hidden = !keep || folded(grid.rows[r]!);
      body.append(grid.rows[r]!);
    }
    body.hidden = shown === 0;
    left += shown;
  }
  return left;
}

/** True for a row that repeats the one before it, while that one's count is not unfolded. */
function folded(row: HTMLElement): boolean {
  if (!row.matches('.twin')) return false;
  const first = row.parentElement!.querySelector(`tr[data-twins="${row.dataset.of}"] button.times`);
  return first?.getAttribute('aria-expanded') !== 'true';
}
