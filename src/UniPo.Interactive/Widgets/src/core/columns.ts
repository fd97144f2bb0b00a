import { isActive, type Batch, type Shape } from './batch.js';

export const enum Side { None = 0, Low = 1, High = 2, Dropped = 3 }
/** What a number belongs to; where two meet, the finer one wins. */
export const enum Level { Batch, Group, Pair, Response, Token }
/** Whether a number rises (1) or falls (−1) with log π of its token; 0 for neither, 2 where the formula does not tell. */
export interface Direction { readonly sign: number; readonly by?: Column }
export interface Column {
  readonly at: Level;
  readonly v: Float64Array;
  /** ∂J by each number; null where nothing that is learnt flows in. */
  readonly d: Float64Array | null;
  readonly rises: Direction;
  readonly constant?: boolean;
  back?: () => void;
  /** Which bound bites at a token; absent where none can. */
  side?: ((token: number) => Side) | undefined;
}

export const still: Direction = { sign: 0 }, unknown: Direction = { sign: 2 }, limit = 600;
export const minus = (d: Direction): Direction => d.sign === 2 ? d : { ...d, sign: -d.sign };
const same = (a: Direction, b: Direction): boolean => a.sign === b.sign && a.by === b.by;
export const either = (a: Direction, b: Direction): Direction => a.sign === 0 || same(a, b) ? b : b.sign === 0 ? a : unknown;
export const times = (d: Direction, c: Column): Direction => d.sign === 0 || d.sign === 2 ? d : c.constant ? { ...d, sign: d.sign * Math.sign(c.v[0]!) } : d.by ? unknown : { ...d, by: c };
export const unless0 = (d: Direction): Direction => d.sign === 0 ? d : unknown;

export type Slope = (x: number, y: number, r: number) => number;
/** A number that is not known (NaN) is in no relation. */
export const relations: Record<string, (x: number, y: number) => boolean> = {
  '<': (x, y) => x < y, '≤': (x, y) => x <= y, '=': (x, y) => x === y, '≠': (x, y) => x < y || x > y, '≥': (x, y) => x >= y, '>': (x, y) => x > y,
};

/** Columns of numbers and what is made of them: forwards for values, backwards for ∂J, and which bounds bite. */
export class Columns {
  private readonly tape: Column[] = [];
  private readonly maps = new Map<number, Int32Array>();
  protected readonly sizes: number[];
  protected readonly responseOf: Int32Array;

  constructor(readonly batch: Batch, readonly shape: Shape, pairs: number) {
    this.sizes = [1, shape.groups, pairs, shape.lengths.length, shape.tokens];
    this.responseOf = new Int32Array(shape.tokens);
    for (let i = 0; i < shape.rows; i++) this.responseOf.fill(shape.rowIds[i]!, batch.rowStarts[i], batch.rowStarts[i + 1]);
  }

  /** Lets ∂J flow from J to everything it was made of. */
  backwards(j: Column): void {
    if (!j.d) return;
    j.d[0] = 1;
    for (let n = this.tape.length - 1; n >= 0; n--) if (this.tape[n]!.d) this.tape[n]!.back?.();
  }

  active(token: number): boolean { return isActive(this.batch, token); }

  /** Where each number of a level finds that of a coarser one. */
  from(coarse: Level, fine: Level): Int32Array {
    const key = coarse * 5 + fine, known = this.maps.get(key);
    if (known) return known;
    const { groupOf } = this.shape, n = this.sizes[fine]!, map = coarse === Level.Batch ? new Int32Array(n) : Int32Array.from({ length: n }, (_, i) =>
      coarse === fine ? i : fine === Level.Token ? (coarse === Level.Response ? this.responseOf[i]! : groupOf[this.responseOf[i]!]!) : groupOf[i]!);
    this.maps.set(key, map);
    return map;
  }

  protected keep(at: Level, of: readonly Column[], rises: Direction = still, moves = of.some(c => c.d), whole = at < Level.Response): Column {
    const n = this.sizes[at]!, c: Column = { at, v: new Float64Array(n), d: moves ? new Float64Array(n) : null, rises };
    if (!whole && of.some(x => x.side)) c.side = t => { for (const x of of) { const side = x.side?.(t); if (side) return side; } return Side.None; };
    this.tape.push(c);
    return c;
  }

  protected leaf(at: Level, value: (i: number) => number, rises = still, moves = false): Column {
    const c = this.keep(at, [], rises, moves);
    for (let i = 0; i < c.v.length; i++) c.v[i] = value(i);
    return c;
  }

  protected constant(value: number): Column { return { ...this.leaf(Level.Batch, () => value), constant: true }; }

  private meet(...columns: Column[]): Level {
    const at = columns.reduce<number>((m, c) => Math.max(m, c.at), 0) as Level;
    if (columns.some(c => c.at === Level.Pair) && columns.some(c => c.at === Level.Group || c.at > Level.Pair)) throw new RangeError('A number of a pair cannot stand beside one of a response.');
    return at;
  }

  /** A function of two numbers that meet, with the derivative by each; a factor that is not finite pushes nothing. */
  protected two(a: Column, b: Column, f: (x: number, y: number) => number, da: Slope, db: Slope, rises: Direction, moves = !!(a.d || b.d), at = this.meet(a, b)): Column {
    const c = this.keep(at, a === b ? [a] : [a, b], rises, moves), { v, d } = c, n = v.length, ia = this.from(a.at, at), ib = this.from(b.at, at), x = a.v, y = b.v;
    for (let i = 0; i < n; i++) v[i] = f(x[ia[i]!]!, y[ib[i]!]!);
    c.back = () => {
      for (let i = 0; i < n; i++) {
        const s = d![i]!;
        if (s === 0) continue;
        const p = x[ia[i]!]!, q = y[ib[i]!]!;
        if (a.d) { const k = da(p, q, v[i]!); if (k !== 0 && Number.isFinite(k)) a.d[ia[i]!]! += s * k; }
        if (b.d) { const k = db(p, q, v[i]!); if (k !== 0 && Number.isFinite(k)) b.d[ib[i]!]! += s * k; }
      }
    };
    return c;
  }

  protected sum(a: Column, b: Column, sign: number): Column { return this.two(a, b, (x, y) => x + sign * y, () => 1, () => sign, either(a.rises, sign > 0 ? b.rises : minus(b.rises))); }

  protected multiply(a: Column, b: Column): Column {
    // A factor of exactly 0 wins where numbers are one a response or fewer: 1/n_i · Σ_t over a response without tokens is 0.
    const zero = this.meet(a, b) !== Level.Token;
    return this.two(a, b, (x, y) => zero && (x === 0 || y === 0) && Number.isNaN(x * y) ? 0 : x * y, (_, y) => y, x => x, a.rises.sign === 0 ? times(b.rises, a) : b.rises.sign === 0 ? times(a.rises, b) : unknown);
  }

  protected to(at: Level, c: Column): Column { return c.at === at ? c : this.two(c, c, x => x, () => 1, () => 0, c.rises, !!c.d, at); }

  private sideOf(d: Direction, t: number): Side {
    const sign = d.sign === 2 ? Math.sign(this.batch.logProbs[t]! - this.batch.oldLogProbs[t]!) : d.by ? d.sign * Math.sign(d.by.v[this.from(d.by.at, Level.Token)[t]!]!) : d.sign;
    return sign > 0 ? Side.High : sign < 0 ? Side.Low : Side.None;
  }

  /** The smaller or larger of two; a tie goes to the first. Where a constant wins over what moves, a bound bites. */
  protected extreme(a: Column, b: Column, smaller: boolean, guard = false): Column {
    const wins = (x: number, y: number): boolean => smaller ? y < x : y > x, rises = either(a.rises, b.rises);
    const c = this.two(a, b, (x, y) => wins(x, y) ? y : x, (x, y) => wins(x, y) ? 0 : 1, (x, y) => wins(x, y) ? 1 : 0, rises);
    const inner = a.side || b.side, ia = this.from(a.at, Level.Token), ib = this.from(b.at, Level.Token);
    c.side = c.at < Level.Response || (guard ? !inner : rises.sign === 0) ? undefined : t => {
      const x = a.v[ia[t]!]!, y = b.v[ib[t]!]!, [winner, loser] = wins(x, y) ? [b, a] : [a, b];
      return !guard && x !== y && winner.rises.sign === 0 && loser.rises.sign !== 0 && !winner.side ? this.sideOf(smaller ? loser.rises : minus(loser.rises), t) : winner.side?.(t) ?? Side.None;
    };
    return c;
  }

  protected clamp(x: Column, low: number, high: number, guard: boolean): Column {
    const c = this.two(x, x, v => Math.min(Math.max(v, low), high), v => v < low || v > high ? 0 : 1, () => 0, x.rises), of = this.from(x.at, Level.Token);
    if (!guard && x.rises.sign !== 0 && x.at >= Level.Response) c.side = t => {
      const v = x.v[of[t]!]!;
      return v > high ? this.sideOf(x.rises, t) : v < low ? this.sideOf(minus(x.rises), t) : x.side?.(t) ?? Side.None;
    };
    return c;
  }

  protected relate(a: Column, sign: string, b: Column): Column {
    const holds = relations[sign]!, c = this.two(a, b, (x, y) => holds(x, y) ? 1 : 0, () => 0, () => 0, still, false), of = this.from(c.at, Level.Token);
    const d = a.rises.sign !== 0 ? a.rises : minus(b.rises), way = sign === '>' || sign === '≥' ? minus(d) : d;
    // Where a condition on log π fails, the token was taken out: it had gone too far up or down.
    c.side = sign === '=' || sign === '≠' || d.sign === 0 || c.at < Level.Response ? undefined : t => c.v[of[t]!] === 0 ? this.sideOf(way, t) : Side.None;
    return c;
  }

  protected choose(condition: Column, then: Column, otherwise: Column): Column {
    const at = this.meet(condition, then, otherwise), c = this.keep(at, [], either(then.rises, otherwise.rises), !!(then.d || otherwise.d)), i0 = this.from(condition.at, at);
    const pick = (i: number): Column => condition.v[i0[i]!] !== 0 ? then : otherwise;
    for (let i = 0; i < c.v.length; i++) { const p = pick(i); c.v[i] = p.v[this.from(p.at, at)[i]!]!; }
    c.back = () => { for (let i = 0; i < c.v.length; i++) { const p = pick(i); if (p.d && c.d![i] !== 0) p.d[this.from(p.at, at)[i]!]! += c.d![i]!; } };
    const of = this.from(condition.at, Level.Token);
    if (at >= Level.Response && (then.side || otherwise.side)) c.side = t => (condition.v[of[t]!] !== 0 ? then : otherwise).side?.(t) ?? Side.None;
    return c;
  }
}
