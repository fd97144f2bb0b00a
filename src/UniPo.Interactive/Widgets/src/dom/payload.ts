import type { Batch } from '../core/batch.js';
import { inflate } from './inflate.js';

/** Numbers of the shown tokens, as C# packs them. */
export interface Packed {
  readonly columns: string[];
  readonly tokens: number;
  readonly packed: string;
  readonly deflated?: boolean;
}

/** Text that is deflated: its length in bytes, and base64. Formulas repeat themselves. */
export type TextPacked = readonly [number, string];

/** What a view of tokens carries; see the README beside the sources. */
export interface TokenPayload extends Packed {
  readonly rowIds: number[];
  readonly rowStarts: number[];
  readonly groupStarts: number[];
  readonly rewards: number[];
  readonly lengths: number[];
  readonly truncated?: number[];
  readonly maxLength: number;
  readonly totals?: {
    readonly responses: number;
    readonly activeResponses: number;
    readonly activeTokens: number;
    readonly groups: number;
    readonly maxLength: number;
  } | null;
  readonly prompts: { readonly group: number; readonly text: string; readonly answer?: string | null }[];
  readonly symbols: string[];
  /** A number each, or a digit to the base of 36. */
  readonly ids: ArrayLike<number | string>;
  readonly greedyRewards?: number[] | null;
  readonly sums?: Record<string, Record<number, number>> | null;
  readonly rewardParts?: (number | null)[][] | null;
  readonly rewardConfidences?: (number | null)[][] | null;
  readonly objective?: TextPacked | null;
  readonly why?: string | null;
  readonly others?: TextPacked | readonly [] | null;
  /** Sentences: which other objectives cannot be tried here, and why. */
  readonly without?: string[] | null;
  /** How much of the batch it is, and sentences that qualify the picture. */
  readonly size?: string;
  readonly notes?: string[];
  readonly colour?: string;
  /** How the limit of that colour was chosen. */
  readonly range?: string;
  /** Largest size of each column over the whole batch. */
  readonly limits?: Record<string, number> | null;
}

export type Columns = Readonly<Record<string, Float64Array | undefined>>;

/**
 * [columns × tokens] numbers by name: base64, inflated, and the four bytes of each float put together again. A column is put
 * together when it is first asked for: a run has many metrics, and a first picture needs few. They join those of `result`.
 */
export function unpack(data: Packed, result: Record<string, Float64Array | undefined> = {}): Columns {
  const size = data.columns.length * data.tokens,
    raw = bytes(data.packed),
    planes = data.deflated ? inflate(raw, size * 4) : raw;
  data.columns.forEach((name, c) => {
    let column: Float64Array | null = null;
    Object.defineProperty(result, name, {
      enumerable: true,
      get: () => (column ??= floats(planes, c * data.tokens, data.tokens, size)),
    });
  });
  return result;
}

const texts = new WeakMap<object, unknown>();

/** What was packed as text; read once. */
export function unpackText<T>(packed: TextPacked): T {
  if (!texts.has(packed)) texts.set(packed, JSON.parse(new TextDecoder().decode(inflate(bytes(packed[1]), packed[0]))));
  return texts.get(packed) as T;
}

function bytes(base64: string): Uint8Array {
  const text = atob(base64.replace(/-/g, '+')),
    result = new Uint8Array(text.length);
  for (let i = 0; i < result.length; i++) result[i] = text.charCodeAt(i);
  return result;
}

function floats(planes: Uint8Array, from: number, count: number, size: number): Float64Array {
  const words = new Uint32Array(count);
  for (let i = 0, at = from; i < count; i++, at++)
    words[i] = planes[at]! | (planes[at + size]! << 8) | (planes[at + 2 * size]! << 16) | (planes[at + 3 * size]! << 24);
  return Float64Array.from(new Float32Array(words.buffer));
}

/** The batch that the objective is evaluated on. */
export function batchOf(data: TokenPayload, columns: Columns): Batch {
  const logProbs = columns['logProb'];
  if (!logProbs) throw new RangeError('The payload holds no log-probabilities.');
  return {
    rowStarts: data.rowStarts,
    rowIds: data.rowIds,
    groupStarts: data.groupStarts,
    rewards: data.rewards,
    lengths: data.lengths,
    maxLength: data.maxLength,
    totals: data.totals ?? null,
    greedyRewards: data.greedyRewards ?? null,
    sums: data.sums ?? null,
    rewardParts: data.rewardParts ?? null,
    rewardConfidences: data.rewardConfidences ?? null,
    truncated: data.truncated ?? null,
    mask: columns['mask'] ?? null,
    logProbs,
    oldLogProbs: columns['oldLogProb'] ?? logProbs,
    referenceLogProbs: columns['referenceLogProb'] ?? null,
    samplerLogProbs: columns['samplerLogProb'] ?? null,
    samplerWeights: columns['samplerWeight'] ?? null,
    oldValues: columns['value'] ?? null,
    values: columns['newValue'] ?? null,
    entropies: columns['entropy'] ?? null,
    tokenRewards: columns['tokenReward'] ?? null,
  };
}
