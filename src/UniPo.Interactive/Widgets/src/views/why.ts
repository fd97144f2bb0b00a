import { Side } from '../core/columns.js';
import { sentence, valueAt, type Evaluation } from '../core/objective.js';
import type { LineSpec } from '../core/spec.js';
import { short, signed } from '../dom/numbers.js';
import type { TokenModel } from './token-model.js';

/** One step from log-probabilities to the weight, in C#'s words and this token's numbers. */
export interface Reason { readonly part: string; readonly text: string; readonly bites?: boolean; readonly line?: LineSpec }

/** Why a token has the weight it has. */
export function reasons(model: TokenModel, token: number): Reason[] {
  const e = model.evaluation;
  if (!model.isActive(token)) return [{ part: 'mask', text: 'This token does not count: no sum sees it, and it gets no gradient.' }];
  if (!e) return [{ part: 'objective', text: model.data.why ?? 'No objective was evaluated on these responses yet.' }];
  const pair = pairOf(model, e, token), list: Reason[] = e.spec.pairs ? [{ part: 'pair', text: pairText(model, e, token) }] : [];
  for (const line of e.spec.lines) {
    if (e.spec.pairs && pair < 0 && line.part !== 'weight') continue;
    const number = line.tree && line.letter ? valueAt(e, line, line.tree, token, pair) : NaN, weight = line.part === 'weight';
    list.push({ part: line.part, line, bites: line.part === 'trust region' && model.side(token) !== Side.None,
      text: (weight || !Number.isFinite(number) ? '' : `${line.letter} = ${short(number)}. `) + sentence(e, line, token, pair, weight ? signed : short) });
  }
  return list;
}

/** The first pair of a token's response; −1 where it is in none. */
export function pairOf(model: TokenModel, e: Evaluation, token: number): number {
  const response = model.data.rowIds[model.rowOf(token)]!;
  return e.pairs.findIndex(([chosen, rejected]) => chosen === response || rejected === response);
}

function pairText(model: TokenModel, e: Evaluation, token: number): string {
  const row = model.rowOf(token), response = model.data.rowIds[row]!, first = model.data.groupStarts[model.groupOf(row)]!;
  const mine = e.pairs.filter(pair => pair.includes(response));
  if (mine.length === 0) return 'its response is in no pair: another of its group was better or worse, or all rewards are equal';
  return mine.map(([chosen, rejected]) => `${chosen === response ? 'chosen over' : 'rejected for'} response ${(chosen === response ? rejected : chosen) - first + 1}`).join('; ')
    + `; one of ${e.pairs.length} pairs, and every token of a response gets the same push`;
}
