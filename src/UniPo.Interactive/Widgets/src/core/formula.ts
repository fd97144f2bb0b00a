import type { Batch, Shape } from './batch.js';
import { Columns, Level, limit, relations, still, times, unknown, unless0, type Column, type Slope } from './columns.js';

/** A piece of a formula as C# writes it: an array that begins with its kind. */
export type Tree = readonly [string, ...any[]];
/** What letters stand for: base, indices, label, meaning, expression. */
export type Letters = Readonly<Record<string, readonly [string, string, string, string, Tree]>>;

const sigmoid = (x: number): number => x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));

/** Whole powers by multiplying, as C# does. */
function power(x: number, p: number): number {
  if (p !== Math.floor(p) || Math.abs(p) > 1 << 20) return x ** p;
  let result = 1;
  for (let n = Math.abs(p), square = x; n > 0; n = Math.floor(n / 2), square *= square) if (n % 2) result *= square;
  return p < 0 ? 1 / result : result;
}

const functions: Record<string, readonly [(x: number) => number, Slope]> = {
  Exp: [x => Math.exp(Math.max(-limit, Math.min(limit, x))), (x, _, r) => Math.abs(x) > limit ? 0 : r], Log: [Math.log, x => 1 / x], Abs: [Math.abs, x => Math.sign(x)],
  Sqrt: [Math.sqrt, (_, __, r) => 0.5 / r], Sigmoid: [sigmoid, (x, _, r) => r * sigmoid(-x)], LogSigmoid: [x => Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x))), x => sigmoid(-x)],
};
const scopes: Record<string, readonly [from: Level, to: Level]> = {
  Responses: [3, 0], Batch: [3, 0], MicroBatch: [3, 0], Group: [3, 1], GroupMembers: [3, 1], ResponsesOfGroup: [3, 1], Others: [3, 3], Groups: [1, 0], Pairs: [2, 0],
};

/** What a few numbers have in common; NaN is left out, and equal numbers have exactly their own mean. */
export function statistic(fold: string, all: ArrayLike<number>, ddof = 0): number {
  const x = Array.from(all).filter(v => !Number.isNaN(v)), n = x.length, low = x.reduce((a, b) => Math.min(a, b), Infinity), high = x.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = x.reduce((a, b) => a + b, 0), mean = low === high ? low : all.length === 0 ? 0 : sum / n;
  switch (fold) {
    case 'Mean': return mean;
    case 'Max': return n ? high : NaN;
    case 'Median': { x.sort((a, b) => a - b); return n ? (x[(n - 1) >> 1]! + x[n >> 1]!) / 2 : 0; }
    case 'Std': {
      const largest = x.reduce((m, v) => Math.max(m, Math.abs(v - mean)), 0), unit = largest > 1e140 || largest < 1e-140 ? largest : 1;
      return n <= ddof || largest === 0 ? 0 : unit * Math.sqrt(x.reduce((s, v) => s + ((v - mean) / unit) ** 2, 0) / (n - ddof));
    }
    default: return sum;
  }
}

/** What a run reads besides its batch. */
export interface Inputs {
  readonly letters: Letters;
  /** Columns by the name of their quantity (q) or letter (d), a number each token, response or group, or one for all. */
  readonly given: Readonly<Record<string, Column | undefined>>;
  /** Settings that were moved, by setting key. */
  readonly settings?: Readonly<Record<string, number>> | undefined;
  readonly pairs: readonly (readonly [number, number])[];
  /** Number of rewards of a response. */
  readonly parts: number;
  /** Weight of each reward; 1 where absent. */
  readonly weights?: readonly number[] | null | undefined;
  /** Sums over the tokens that are not here, by what is summed. */
  readonly sums?: Readonly<Record<string, Readonly<Record<number, number>>>> | null | undefined;
}

/** A setting by its letter and what it was set to: letters that mean the same move together. */
export const settingKey = (tree: Tree): string => `${tree[1]}=${tree[2]}`;
export const number = (x: number | string): number => typeof x === 'number' ? x : x === '∞' ? Infinity : x === 'NaN' ? NaN : -Infinity;
/** A tree with its letters written out: the name of a sum. */
export const spelled = (tree: any, letters: Letters): any => !Array.isArray(tree) ? tree : tree[0] === 'd' ? spelled(letters[tree[1]]![4], letters) : tree.map(t => spelled(t, letters));

/** The written formula as it runs: columns forwards, ∂J/∂log π of every token backwards. */
export class Run extends Columns {
  private readonly known = new Map<string, Column>();
  private part = -1;

  constructor(batch: Batch, shape: Shape, private readonly inputs: Inputs) { super(batch, shape, inputs.pairs.length); }

  /** The column of an expression. Equal pieces are computed once. */
  column(tree: Tree): Column {
    const key = (this.part < 0 ? '' : this.part) + JSON.stringify(tree), known = this.known.get(key);
    if (known) return known;
    const made = this.make(tree);
    this.known.set(key, made);
    return made;
  }

  /** The number of an expression at a token. */
  at(tree: Tree, token: number): number { const c = this.column(tree); return c.v[this.from(c.at, Level.Token)[token]!]!; }

  private make(tree: Tree): Column {
    const [kind, ...rest] = tree, all = (): Column[] => rest.map(t => this.column(t));
    switch (kind) {
      case 'n': return this.constant(number(rest[0]));
      case 's': return this.constant(this.inputs.settings?.[settingKey(tree)] ?? number(rest[1]));
      case 'q': return this.inputs.given[rest[0]] ?? this.quantity(rest[0]);
      case 'd': return this.inputs.given[rest[0]] ?? this.column(this.inputs.letters[rest[0]]![4]);
      case '+': return rest.slice(1).reduce<Column>((sum, t: Tree) => t[0] === '−' ? this.sum(sum, this.column(t[1]), -1) : this.sum(sum, this.column(t), 1), this.column(rest[0]));
      case '−': return this.multiply(this.column(['n', -1]), this.column(rest[0]));
      case '*': return all().reduce((a, b) => this.multiply(a, b));
      case '/': { const [a, b] = all() as [Column, Column]; return this.two(a, b, (x, y) => x === 0 ? 0 : x / y, (_, y) => 1 / y, (x, y) => -x / y / y, b.rises.sign === 0 ? times(a.rises, b) : unknown); }
      case 'Cases': return this.choose(...all() as [Column, Column, Column]);
      case 'fold': return this.fold(rest[0], rest[1], rest[2], rest[3] ?? 0);
      case 'Min': case 'Max': case 'Cap': { const [a, b] = all() as [Column, Column]; return this.extreme(a, b, kind !== 'Max', kind === 'Cap'); }
      case 'Clip': case 'Guard': {
        const [x, low, high] = all() as [Column, Column, Column];
        return low.at + high.at === 0 && x.at > 0 ? this.clamp(x, low.v[0]!, high.v[0]!, kind === 'Guard') : this.extreme(this.extreme(x, low, false), high, true);
      }
      case 'StopGradient': { const x = this.column(rest[0]); return this.two(x, x, v => v, () => 0, () => 0, still, false); }
      case 'Indicator': return this.column(rest[0]);
      case 'Power': {
        const [x, p] = all() as [Column, Column], moves = p.at === 0 && x.at > 0;
        return this.two(x, p, power, (v, q) => q === 0 ? 0 : q * power(v, q - 1), () => 0, moves ? unless0(x.rises) : still, moves && !!x.d);
      }
    }
    if (relations[kind]) return this.relate(this.column(rest[0]), kind, this.column(rest[1]));
    const f = functions[kind];
    if (!f) throw new RangeError(`A formula cannot hold ${kind}.`);
    const x = this.column(rest[0]);
    return this.two(x, x, f[0], f[1], () => 0, kind === 'Abs' ? unless0(x.rises) : x.rises);
  }

  private quantity(name: string): Column {
    const { batch, shape } = this, { totals } = shape;
    const token = (column: ArrayLike<number> | null | undefined, raw = false): Column => {
      if (!column) throw new RangeError(`The formula needs ${name}, but the data holds none.`);
      return this.leaf(Level.Token, t => raw ? (Number.isFinite(column[t]) ? column[t]! : 0) : this.active(t) ? column[t]! : 0, name === 'LogProb' ? { sign: 1 } : still, name === 'LogProb');
    };
    switch (name) {
      case 'LogProb': return token(batch.logProbs);
      case 'OldLogProb': return token(batch.oldLogProbs);
      case 'ReferenceLogProb': return token(batch.referenceLogProbs);
      case 'SamplerLogProb': return token(batch.samplerLogProbs);
      case 'SamplerWeight': return token(batch.samplerWeights);
      case 'Entropy': return token(batch.entropies);
      case 'Value': return token(batch.values);
      case 'OldValue': return token(batch.oldValues, true);
      case 'TokenReward': return batch.tokenRewards ? token(batch.tokenRewards, true) : this.finalRewards();
      case 'Position': return this.positions();
      case 'Counts': return this.leaf(Level.Token, t => this.active(t) ? 1 : 0);
      case 'Length': return this.leaf(Level.Response, i => shape.lengths[i]!);
      case 'GreedyReward': return this.leaf(Level.Group, g => batch.greedyRewards?.[g] ?? NaN);
      case 'GroupSize': return this.leaf(Level.Group, g => batch.groupStarts[g + 1]! - batch.groupStarts[g]!);
      case 'RewardPart': return this.leaf(Level.Response, i => batch.rewardParts?.length ? batch.rewardParts[this.part]![i] ?? NaN : batch.rewards[i]!);
      case 'RewardConfidence': return this.leaf(Level.Response, i => batch.rewardConfidences?.length ? batch.rewardConfidences[this.part]![i] ?? NaN : 1);
      case 'RewardWeight': { const weight = this.inputs.weights?.[this.part] ?? 1; return this.leaf(Level.Batch, () => weight); }
      case 'Reward': return this.leaf(Level.Response, i => batch.rewards[i]!);
    }
    const count: Record<string, number> = { Responses: totals.responses, ActiveResponses: totals.activeResponses, Groups: totals.groups, MaxLength: totals.maxLength, MicroBatches: totals.microBatches ?? 1, Pairs: Math.max(totals.pairs ?? this.inputs.pairs.length, 1) };
    if (count[name] === undefined) throw new RangeError(`No batch knows ${name}.`);
    return this.leaf(Level.Batch, () => count[name]!);
  }

  private finalRewards(): Column {
    const c = this.leaf(Level.Token, () => 0), reward = this.column(['q', 'Reward']);
    this.rows((from, to) => { for (let t = to - 1; t >= from; t--) if (this.active(t)) { c.v[t] = reward.v[this.responseOf[t]!]!; return; } });
    return c;
  }

  private positions(): Column {
    const c = this.leaf(Level.Token, () => 0);
    this.rows((from, to) => { let place = 1; for (let t = from; t < to; t++) { c.v[t] = place; if (this.active(t)) place++; } });
    return c;
  }

  private rows(each: (from: number, to: number, response: number) => void): void {
    for (let i = 0; i < this.shape.rows; i++) each(this.batch.rowStarts[i]!, this.batch.rowStarts[i + 1]!, this.shape.rowIds[i]!);
  }

  private fold(fold: string, range: string, body: Tree, ddof: number): Column {
    if (range === 'RewardParts') return this.overParts(body);
    if (range === 'ThisAndLaterTokens' || range === 'ThisAndLaterPlaces' || range === 'UntilMasked') return this.suffix(range, body);
    // The tokens of the whole rollout are counted before it is cut.
    if (fold === 'Sum' && range === 'Responses' && body[0] === 'q' && body[1] === 'Length') return this.leaf(Level.Batch, () => this.shape.totals.activeTokens);
    if (range === 'Tokens') return this.overTokens(fold, body);
    const x = this.column(body);
    if (range === 'AllTokens') return this.allTokens(fold, body, ddof);
    if (range === 'NextToken' || range === 'NextPlace') return this.next(this.to(Level.Token, x), range === 'NextToken');
    if (range === 'Chosen' || range === 'Rejected') {
      const of = this.to(Level.Response, x), c = this.keep(Level.Pair, [of]), which = range === 'Chosen' ? 0 : 1;
      this.inputs.pairs.forEach((pair, p) => { c.v[p] = of.v[pair[which]]!; });
      c.back = () => this.inputs.pairs.forEach((pair, p) => { of.d![pair[which]]! += c.d![p]!; });
      return c;
    }
    return this.whole(fold, range, x, ddof);
  }

  /** One number of many that belong to different responses, groups or pairs. */
  private whole(fold: string, range: string, x: Column, ddof: number): Column {
    const [level, to] = scopes[range] ?? [0, 0];
    if (!scopes[range] || x.at > level) throw new RangeError(`What is folded over ${range} must be one number for each.`);
    const of = this.to(level, x), c = this.keep(to, [of], unless0(of.rises), !!of.d, true), { groupStarts } = this.batch, { groupOf } = this.shape;
    const members = (p: number): number[] => {
      const g = to === Level.Group ? p : groupOf[p]!, [from, end] = to === Level.Batch ? [0, of.v.length] : [groupStarts[g]!, groupStarts[g + 1]!];
      const list = Array.from({ length: end - from }, (_, i) => from + i);
      return range === 'Others' && list.length > 1 ? list.filter(i => i !== p) : list;
    };
    for (let p = 0; p < c.v.length; p++) {
      const elements = members(p).map(i => of.v[i]!);
      c.v[p] = of.d && fold === 'Sum' ? elements.reduce((a, b) => a + b, 0) : statistic(fold, elements, ddof);
    }
    c.back = () => {
      for (let p = 0; p < c.v.length; p++) {
        if (c.d![p] === 0) continue;
        const list = members(p), result = c.v[p]!, mean = fold === 'Std' ? statistic('Mean', list.map(i => of.v[i]!)) : 0, hits = list.filter(i => of.v[i] === result).length;
        for (const i of list)
          of.d![i]! += c.d![p]! * (fold === 'Sum' ? 1 : fold === 'Mean' ? 1 / list.length : fold === 'Std' ? (result === 0 ? 0 : (of.v[i]! - mean) / ((list.length - ddof) * result)) : of.v[i] === result ? 1 / hits : 0);
      }
    };
    return c;
  }

  private overTokens(fold: string, body: Tree): Column {
    const { shape, batch } = this;
    if (fold === 'Sum' && !shape.complete) {
      // Tokens that are cut off: what each response shares is counted for all of its tokens, settings stand before the sum.
      if (body[0] === '+') return body.slice(1).map((t: Tree) => this.column(['fold', 'Sum', 'Tokens', t])).reduce((a, b) => this.sum(a, b, 1));
      if (body[0] === '−') return this.multiply(this.constant(-1), this.column(['fold', 'Sum', 'Tokens', body[1]]));
      const outside = body[0] === '*' ? body.slice(1).filter((t: Tree) => t[0] === 's' || t[0] === 'n') : [], left = body.slice(1).filter((t: Tree) => !outside.includes(t));
      if (outside.length && left.length) return this.multiply(this.column(['*', ...outside]), this.column(['fold', 'Sum', 'Tokens', left.length === 1 ? left[0] : ['*', ...left]]));
      const x = this.column(body);
      if (x.at < Level.Token) return this.multiply(x, this.column(['q', 'Length']));
    }
    const own = this.column(body), x = this.to(Level.Token, own), mean = fold === 'Mean', most = fold === 'Max';
    if (fold !== 'Sum' && fold !== 'Count' && !mean && !most) throw new RangeError(`${fold} over the tokens of a response is not known.`);
    const c = this.keep(Level.Response, [x], most ? still : x.rises.by?.at === Level.Token ? unknown : x.rises, !most && !!x.d), hidden = this.inputs.sums?.[JSON.stringify(spelled(body, this.inputs.letters))];
    if (most) c.v.fill(-Infinity);
    this.rows((from, to, i) => { for (let t = from; t < to; t++) if (this.active(t)) c.v[i] = most ? Math.max(c.v[i]!, x.v[t]!) : c.v[i]! + x.v[t]!; });
    for (const [i, sum] of Object.entries(hidden ?? {})) c.v[+i]! += shape.lengths[+i]! > 0 ? sum : 0;
    const per = (i: number): number => mean ? Math.max(shape.lengths[i]!, 1) : 1;
    if (mean) for (let i = 0; i < c.v.length; i++) c.v[i]! /= per(i);
    c.back = () => this.rows((from, to, i) => { const s = c.d![i]! / per(i); if (s !== 0) for (let t = from; t < to; t++) if (!batch.mask || batch.mask[t] !== 0) x.d![t]! += s; });
    return c;
  }

  private allTokens(fold: string, body: Tree, ddof: number): Column {
    const x = this.to(Level.Token, this.column(body)), n = this.shape.activeTokens, c = this.keep(Level.Batch, [x], unless0(x.rises)), on = Array.from(x.v.keys()).filter(t => this.active(t));
    let sum = 0, low = Infinity, high = -Infinity, squares = 0;
    for (const t of on) { sum += x.v[t]!; low = Math.min(low, x.v[t]!); high = Math.max(high, x.v[t]!); }
    const mean = low === high ? low : sum / Math.max(n, 1), count = n - ddof;
    for (const t of on) squares += (x.v[t]! - mean) ** 2;
    c.v[0] = fold === 'Mean' ? mean : fold === 'Std' ? (count > 0 ? Math.sqrt(squares / count) : 0) : sum;
    c.back = () => { for (const t of on) x.d![t]! += c.d![0]! * (fold === 'Mean' ? 1 / Math.max(n, 1) : fold === 'Std' ? (c.v[0] === 0 ? 0 : (x.v[t]! - mean) / (c.v[0]! * count)) : 1); };
    return c;
  }

  /** Σ_{s≥t} γ^(s−t)·x_s, from the last token to the first in one go; backwards the same sum from the front. */
  private suffix(range: string, body: Tree): Column {
    let decay = 1, rule = range === 'UntilMasked' ? 2 : range === 'ThisAndLaterPlaces' ? 1 : 0;
    const factors: Column[] = [];
    for (const factor of (body[0] === '*' ? body.slice(1) : [body]) as Tree[]) {
      const later = factor[0] === 'Power' && factor[2][0] === 'q' ? factor[2][1] : '';
      if (later === 'TokensLater' || later === 'PlacesLater') {
        decay = this.column(factor[1]).v[0]!;
        if (later === 'PlacesLater' && rule === 0) { rule = 1; factors.push(this.column(['q', 'Counts'])); }
      } else factors.push(this.column(factor));
    }
    const x = this.to(Level.Token, factors.reduce((a, b) => this.multiply(a, b))), c = this.keep(Level.Token, [x], unless0(x.rises)), seen = (t: number): boolean => rule === 1 || this.active(t);
    this.rows((from, to) => { let sum = 0; for (let t = to - 1; t >= from; t--) { if (seen(t)) sum = decay * sum + x.v[t]!; else if (rule === 2) sum = 0; c.v[t] = sum; } });
    c.back = () => this.rows((from, to) => {
      let sum = 0, passed = 0;
      for (let t = from; t < to; t++) { if (seen(t)) { x.d![t]! += sum = c.d![t]! + passed + decay * sum; passed = 0; } else if (rule === 2) sum = 0; else passed += c.d![t]!; }
    });
    return c;
  }

  private next(x: Column, activeOnly: boolean): Column {
    const c = this.keep(Level.Token, [x]), after = new Int32Array(this.shape.tokens).fill(-1);
    this.rows((from, to) => { let next = -1; for (let t = to - 1; t >= from; t--) { after[t] = next; if (!activeOnly || this.active(t)) next = t; } });
    after.forEach((next, t) => { c.v[t] = next < 0 ? 0 : x.v[next]!; });
    c.back = () => after.forEach((next, t) => { if (next >= 0) x.d![next]! += c.d![t]!; });
    return c;
  }

  /** A reward that does not apply (NaN) adds nothing; without any that applies the sum is not known either. */
  private overParts(body: Tree): Column {
    const outer = this.part, terms: Column[] = [];
    for (this.part = 0; this.part < Math.max(this.inputs.parts, 1); this.part++) terms.push(this.column(body));
    this.part = outer;
    const known = terms.map(t => this.relate(t, '=', t)), sum = terms.map((t, k) => this.choose(known[k]!, t, this.constant(0))).reduce((a, b) => this.sum(a, b, 1));
    return this.choose(known.reduce((a, b) => this.sum(a, b, 1)), sum, this.constant(NaN));
  }
}
