import type { Batch } from '../core/batch.js';
import type { ObjectiveSpec } from '../core/spec.js';
import { inflate } from './inflate.js';

/** Numbers of the shown tokens, as C# packs them. */
export interface Packed { readonly columns: string[]; readonly tokens: number; readonly packed: string; readonly deflated?: boolean }

/** What a view of tokens carries; see the README beside the sources. */
export interface TokenPayload extends Packed {
  readonly rowIds: number[];
  readonly rowStarts: number[];
  readonly groupStarts: number[];
  readonly rewards: number[];
  readonly lengths: number[];
  readonly truncated?: number[];
  readonly maxLength: number;
  readonly prompts: { readonly group: number; readonly text: string; readonly answer?: string | null }[];
  readonly symbols: string[];
  readonly ids: number[];
  readonly greedyRewards?: number[] | null;
  readonly penalties?: number[] | null;
  readonly hiddenLogRatio?: number[] | null;
  readonly objective?: ObjectiveSpec | null;
  readonly why?: string | null;
  readonly others?: ObjectiveSpec[] | null;
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

/** [columns × tokens] numbers by name: base64, inflated, and the four bytes of each float put together again. */
export function unpack(data: Packed): Columns {
  const count = data.columns.length * data.tokens, raw = Uint8Array.from(atob(data.packed.replace(/-/g, '+')), c => c.charCodeAt(0));
  const planes = data.deflated ? inflate(raw, count * 4) : raw;
  const bytes = new Uint8Array(count * 4);
  for (let plane = 0; plane < 4; plane++)
    for (let i = 0; i < count; i++) bytes[i * 4 + plane] = planes[plane * count + i]!;
  const view = new DataView(bytes.buffer), result: Record<string, Float64Array> = {};
  data.columns.forEach((name, c) => {
    result[name] = Float64Array.from({ length: data.tokens }, (_, t) => view.getFloat32((c * data.tokens + t) * 4, true));
  });
  return result;
}

/** The batch that the objective is evaluated on. */
export function batchOf(data: TokenPayload, columns: Columns): Batch {
  const logProbs = columns['logProb'];
  if (!logProbs) throw new RangeError('The payload holds no log-probabilities.');
  return {
    rowStarts: data.rowStarts, rowIds: data.rowIds, groupStarts: data.groupStarts, rewards: data.rewards, lengths: data.lengths, maxLength: data.maxLength,
    greedyRewards: data.greedyRewards ?? null, penalties: data.penalties ?? null, hiddenLogRatio: data.hiddenLogRatio ?? null,
    mask: columns['mask'] ?? null, logProbs, oldLogProbs: columns['oldLogProb'] ?? logProbs, referenceLogProbs: columns['referenceLogProb'] ?? null,
    oldValues: columns['value'] ?? null, values: columns['newValue'] ?? null, entropies: columns['entropy'] ?? null, tokenRewards: columns['tokenReward'] ?? null,
  };
}
