import type { Letters, Tree } from './formula.js';

/** Which tokens are chosen by covariance: drawn (with a seed), or the highest. */
export interface ChoiceSpec {
  readonly letter: string;
  readonly share: number;
  readonly above?: number;
  readonly below?: number;
  readonly low?: number;
  readonly high?: number;
  readonly seed?: string | null;
}

/** Which responses are left out. */
export interface MaskSpec {
  readonly truncated?: boolean;
  readonly silent?: boolean;
  /** The advantage by which a group is silent: 0 for all of its tokens. Absent where its rewards are compared. */
  readonly judge?: Tree | null;
  readonly least?: number | null;
  readonly best?: string | null;
}

/** A sentence, the numbers in it, and when it is said: where a tree is not 0, or on a side (a number); null where nothing else is. */
export type CaseSpec = readonly [when: Tree | number | null, format: string, numbers: readonly Tree[]];

/** An element of a formula: name, attributes, content. */
export type MathSpec = readonly [string, Record<string, string>, ...any[]];

/** One line of the way to a weight: its part, its letter, sentences; and as MathML the line, its right side with places for numbers, and what stands there. */
export interface LineSpec {
  readonly part: string;
  /** Its letter as text. */
  readonly letter?: string | null;
  readonly tree?: Tree | null;
  readonly cases: readonly CaseSpec[];
  readonly math?: readonly [line: MathSpec, places: MathSpec | null, trees: readonly Tree[], branches: readonly (readonly [Tree, Tree, boolean])[]] | null;
}

/** An objective as its formula: everything that C# knows of it and a browser needs. */
export interface ObjectiveSpec {
  readonly name: string;
  readonly letters: Letters;
  readonly j: Tree;
  readonly term?: Tree | null;
  /** The term whose bounds are marked; absent where nothing bounds it. */
  readonly region?: Tree | null;
  readonly ratio?: Tree | null;
  readonly kl?: Tree | null;
  readonly advantage?: Tree | null;
  readonly target?: string | null;
  /** KL that the reward has paid, estimated at sampling. */
  readonly paid?: Tree | null;
  readonly rewardWeights?: readonly number[] | null;
  readonly rewardRange?: readonly [number, number] | null;
  readonly choice?: ChoiceSpec | null;
  readonly masks?: MaskSpec | null;
  readonly topEntropy?: number | null;
  readonly pairs?: string | null;
  readonly lines: readonly LineSpec[];
  /** The same with another part: what it changes, and the objective. */
  readonly variants?: readonly ObjectiveSpec[];
}
