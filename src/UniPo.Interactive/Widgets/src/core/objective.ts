import { isActive, measure, type Batch, type Shape } from './batch.js';
import { chosen, masked, pairsOf, threshold, without } from './choices.js';
import { Level, Side, type Column } from './columns.js';
import { Run, type Tree } from './formula.js';
import type { CaseSpec, LineSpec, ObjectiveSpec } from './spec.js';

/** Every number of every token under an objective, and the run that computed them. */
export interface Evaluation {
  readonly spec: ObjectiveSpec;
  readonly settings: Readonly<Record<string, number>>;
  readonly batch: Batch;
  readonly objective: number;
  readonly weight: Float64Array;
  readonly advantage: Float64Array | null;
  readonly ratio: Float64Array | null;
  readonly kl: Float64Array | null;
  readonly tokenObjective: Float64Array | null;
  /** Share of each token's term in the objective. */
  readonly aggregation: Float64Array | null;
  readonly clipped: Uint8Array | null;
  readonly pairs: readonly (readonly [number, number])[];
  readonly clipFraction: number;
  readonly withoutGradient: number;
  readonly run: Run;
  /** The run that estimated advantages. */
  readonly estimate: Run;
}

const still = { sign: 0 }, given = (at: Level, v: Float64Array): Column => ({ at, v, d: null, rises: still });

/** The rewards that the objective compares: weighed parts, held in a range; NaN where none applies. */
function rewardsOf(spec: ObjectiveSpec, batch: Batch): Float64Array {
  const { rewardWeights: weights, rewardRange: range } = spec, { rewardParts: parts } = batch;
  return Float64Array.from({ length: batch.rewards.length }, (_, i) => {
    let sum = weights ? NaN : batch.rewards[i]!;
    if (weights) parts?.forEach((part, k) => { if (part[i] != null) sum = (Number.isNaN(sum) ? 0 : sum) + (weights[k] ?? 1) * part[i]!; });
    return range ? Math.max(range[0], Math.min(range[1], sum)) : sum;
  });
}

/** Runs an objective's formula on a batch; settings that were moved count instead of its own. */
export function evaluate(spec: ObjectiveSpec, whole: Batch, settings: Readonly<Record<string, number>> = {}): Evaluation {
  const inputs = { letters: spec.letters, settings, sums: whole.sums, weights: spec.rewardWeights }, rewards = rewardsOf(spec, whole), parts = whole.rewardParts?.length ?? 0;
  const judge = spec.masks?.judge, loud = judge ? loudGroups(new Run(whole, measure({ ...whole, totals: null }), { ...inputs, pairs: [], parts, given: { Reward: given(Level.Response, rewards) } }), judge) : null;
  const batch = spec.masks ? masked(spec.masks, whole, loud) : whole, shape = measure(batch), pairs = pairsOf(spec.pairs, batch, shape);
  // A response without a reward stays out of every statistic.
  const known = { ...without(batch, i => !Number.isNaN(rewards[i])), totals: null };
  const estimate = new Run(known, measure(known), { ...inputs, pairs: [], parts, given: { Reward: given(Level.Response, rewards) } });
  const columns: Record<string, Column> = {}, tokens = (run: Run, c: Column, other: number): Float64Array => { const from = run.from(c.at, Level.Token); return Float64Array.from(from, (i, t) => isActive(batch, t) ? c.v[i]! : other); };
  let advantage: Float64Array | null = null;
  if (spec.advantage) {
    const c = estimate.column(spec.advantage), at = Math.max(c.at, Level.Response) as Level, settled = Float64Array.from(estimate.from(c.at, at), i => Number.isNaN(c.v[i]!) ? 0 : c.v[i]!);
    if (!settled.every(Number.isFinite)) throw new RangeError('An advantage came out as infinite: a divisor must not be 0.');
    if (at === Level.Token) settled.forEach((_, t) => { if (!isActive(batch, t)) settled[t] = 0; });
    columns[spec.advantage[1]] = given(at, settled);
    advantage = tokens(estimate, columns[spec.advantage[1]]!, 0);
    if (spec.target) columns[spec.target] = given(Level.Token, tokens(estimate, estimate.column(['d', spec.target]), 0));
  }
  const taken = spec.choice && advantage ? chosen(spec.choice, batch, shape, advantage) : null;
  if (taken) columns[spec.choice!.letter] = given(Level.Token, Float64Array.from(taken, x => spec.choice!.letter === 'Kept' ? 1 - x : x));
  if (spec.topEntropy != null) columns['EntropyThreshold'] = given(Level.Batch, Float64Array.of(threshold(spec.topEntropy, batch, shape)));
  const run = new Run(batch, shape, { ...inputs, pairs, parts: 0, given: columns }), log = run.column(['q', 'LogProb']), region = spec.region ? run.column(spec.region) : null;
  const j = run.column(spec.j), term = spec.term ? run.column(spec.term) : null;
  run.backwards(j);
  const named = (tree: ObjectiveSpec['ratio'], other: number): Float64Array | null => tree ? tokens(run, run.column(tree), other) : null;
  const weight = tokens(run, { ...log, v: log.d! }, 0), clipped = region ? Uint8Array.from(weight, (_, t) => !isActive(batch, t) ? 0 : taken?.[t] ? Side.Dropped : region.side?.(t) ?? 0) : null;
  const aggregation = term && shares(...summand(run, spec.term!, shape), batch, shape);
  // What is known only now has a name for sentences, too.
  columns['weight'] = given(Level.Token, weight);
  if (aggregation) columns['share'] = given(Level.Token, aggregation);
  if (!Number.isFinite(j.v[0]!)) throw new RangeError(`The objective came out as ${j.v[0]}.`);
  return {
    spec, settings, batch, pairs, run, estimate, weight, advantage, clipped, objective: j.v[0]!, ratio: named(spec.ratio, 1), kl: named(spec.kl, 0) ?? (spec.paid ? tokens(estimate, estimate.column(spec.paid), 0) : null),
    tokenObjective: term && tokens(run, term, 0), aggregation, ...summary(batch, weight, clipped),
  };
}

/** Groups with a token whose advantage is not 0: the others have nothing to say. */
function loudGroups(run: Run, judge: NonNullable<ObjectiveSpec['advantage']>): Set<number> {
  const c = run.column(judge), { groupOf } = run.shape, at = Math.max(c.at, Level.Response) as Level, from = run.from(c.at, at), loud = new Set<number>(), response = run.from(Level.Response, at);
  from.forEach((place, i) => { if (c.v[place] && (at === Level.Response || run.active(i))) loud.add(groupOf[response[i]!]!); });
  return loud;
}

/** What J adds up of a term, and its factor there: where responses are cut, sums take terms one by one and settings stand before them. */
function summand(run: Run, term: Tree, shape: Shape): [Column, number] {
  let tree = term, factor = 1;
  while (!shape.complete) {
    const [kind, ...pieces] = tree, outside = kind === '*' ? pieces.filter(t => t[0] === 's' || t[0] === 'n') : [], left = pieces.filter(t => !outside.includes(t));
    if (kind === '−') factor = -factor;
    else if (outside.length && left.length) factor *= run.column(['*', ...outside]).v[0]!;
    else if (kind !== '+') break;
    tree = kind !== '*' || left.length === 1 ? left[0] : ['*', ...left];
  }
  return [run.column(tree), factor];
}

/** Aggregation multiplies every term of a response by the same factor: the derivative of J by the term. */
function shares(term: Column, factor: number, batch: Batch, shape: Shape): Float64Array {
  const result = new Float64Array(shape.tokens);
  for (let i = 0; i < shape.rows && term.d; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!, id = shape.rowIds[i]!;
    let first = from;
    while (first < to && !isActive(batch, first)) first++;
    if (first < to) result.fill((term.at === Level.Token ? term.d[first]! : term.d[id]! / shape.lengths[id]!) / (factor || 1), from, to);
  }
  return result;
}

function summary(batch: Batch, weight: Float64Array, sides: Uint8Array | null): { clipFraction: number; withoutGradient: number } {
  let clipped = 0, silent = 0, n = 0;
  weight.forEach((w, t) => { if (!isActive(batch, t)) return; n++; if (sides?.[t]) clipped++; if (w === 0) silent++; });
  return { clipFraction: clipped / Math.max(n, 1), withoutGradient: silent / Math.max(n, 1) };
}

/** The number of a tree at a token, as its line sees it; a pair's number is that of the given pair. */
export function valueAt(e: Evaluation, line: LineSpec, tree: CaseSpec[2][number], token: number, pair = -1): number {
  const run = line.part === 'advantage' ? e.estimate : e.run, c = run.column(tree);
  return c.at === Level.Pair ? c.v[pair] ?? NaN : run.at(tree, token);
}

/** The sentence that C# has for this token, with its numbers filled in. */
export function sentence(e: Evaluation, line: LineSpec, token: number, pair: number, write: (x: number) => string): string {
  for (const [when, format, numbers] of line.cases)
    if (when === null || (typeof when === 'number' ? (e.clipped?.[token] ?? 0) === when : valueAt(e, line, when, token, pair) !== 0))
      return format.replace(/\{(\d+)\}/g, (_, n) => write(valueAt(e, line, numbers[+n]!, token, pair)));
  return '';
}
