/**
 * Plain numbers of a batch. What belongs to responses is always whole; what belongs to tokens may be a part: `rowStarts` and the
 * columns hold the responses (and tokens) that are here, flat; token t of the i-th of them is element rowStarts[i] + t.
 */
export interface Batch {
  /** [b + 1] index of the first token of each response that is here. */
  readonly rowStarts: ArrayLike<number>;
  /** [b] which response of the batch it is; absent when all are here, in order. */
  readonly rowIds?: ArrayLike<number> | null;
  /** [P + 1] index of each prompt's first response, over the whole batch. */
  readonly groupStarts: ArrayLike<number>;
  /** [B] outcome rewards. */
  readonly rewards: ArrayLike<number>;
  /** [B] tokens that count in each response; absent when they can be counted here. */
  readonly lengths?: ArrayLike<number> | null;
  /** Tokens of the longest response, masked ones included; absent when it can be seen here. */
  readonly maxLength?: number | null;
  /** Counts that aggregations divide by, where this batch is a part of a larger rollout; absent when it is all there is. */
  readonly totals?: Shape['totals'] | null;
  /** [P] reward of the greedy response (ReMax). */
  readonly greedyRewards?: ArrayLike<number> | null;
  /** What is summed over tokens → response → its sum over those that are not here. */
  readonly sums?: Readonly<Record<string, Readonly<Record<number, number>>>> | null;
  /** [K][B] rewards of each part, and how sure their judges are; null where one does not apply. */
  readonly rewardParts?: readonly (readonly (number | null)[])[] | null;
  readonly rewardConfidences?: readonly (readonly (number | null)[])[] | null;
  /** [B] non-zero where the length limit cut the response off. */
  readonly truncated?: ArrayLike<number> | null;
  /** [ΣT] non-zero where the token counts; absent when all do. */
  readonly mask?: ArrayLike<number> | null;
  /** [ΣT] log π_θ, in nats. */
  readonly logProbs: ArrayLike<number>;
  /** [ΣT] log π_old, in nats. */
  readonly oldLogProbs: ArrayLike<number>;
  readonly referenceLogProbs?: ArrayLike<number> | null;
  /** [ΣT] log π of the sampling engine, and factors for its error. */
  readonly samplerLogProbs?: ArrayLike<number> | null;
  readonly samplerWeights?: ArrayLike<number> | null;
  /** [ΣT] value estimates at sampling time (GAE). */
  readonly oldValues?: ArrayLike<number> | null;
  /** [ΣT] value estimates of the critic as it is now. */
  readonly values?: ArrayLike<number> | null;
  readonly entropies?: ArrayLike<number> | null;
  /** [ΣT] rewards per token; absent for outcome rewards. */
  readonly tokenRewards?: ArrayLike<number> | null;
}

/** Counts of what is here, and of the whole batch. */
export interface Shape {
  /** Responses and tokens that are here. */
  readonly rows: number;
  readonly tokens: number;
  readonly activeTokens: number;
  /** Prompts of the batch. */
  readonly groups: number;
  /** True when every token of the batch is here. */
  readonly complete: boolean;
  /** [b] which response of the batch each one here is, and tokens that count in it. */
  readonly rowIds: Int32Array;
  readonly activeInRow: Int32Array;
  /** [B] tokens that count in each response of the batch, and its prompt. */
  readonly lengths: Int32Array;
  readonly groupOf: Int32Array;
  /** Counts of the whole rollout that aggregations divide by. */
  readonly totals: { readonly responses: number; readonly activeResponses: number; readonly activeTokens: number; readonly groups: number; readonly maxLength: number; readonly microBatches?: number; readonly pairs?: number };
}

export const isActive = (batch: Batch, token: number): boolean => !batch.mask || batch.mask[token] !== 0;

export function measure(batch: Batch): Shape {
  const rows = batch.rowStarts.length - 1, groups = batch.groupStarts.length - 1, responses = batch.groupStarts[groups]!;
  const rowIds = Int32Array.from({ length: rows }, (_, i) => batch.rowIds?.[i] ?? i);
  const lengths = batch.lengths ? Int32Array.from(batch.lengths) : new Int32Array(responses);
  const activeInRow = new Int32Array(rows);
  let here = 0, maxLength = batch.maxLength ?? 0;
  for (let i = 0; i < rows; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!;
    let count = to - from;
    if (batch.mask) for (let t = from; t < to; t++) if (batch.mask[t] === 0) count--;
    here += count;
    if (!batch.lengths) lengths[rowIds[i]!] = count;
    activeInRow[i] = lengths[rowIds[i]!]!;
    maxLength = Math.max(maxLength, to - from);
  }
  const groupOf = new Int32Array(responses);
  for (let g = 0; g < groups; g++) groupOf.fill(g, batch.groupStarts[g], batch.groupStarts[g + 1]);
  const activeTokens = lengths.reduce((n, length) => n + length, 0);
  const totals = batch.totals ?? { responses, activeResponses: lengths.reduce((n, length) => n + (length > 0 ? 1 : 0), 0), activeTokens, groups, maxLength };
  return { rows, tokens: batch.rowStarts[rows]!, activeTokens: here, groups, complete: here === activeTokens, rowIds, activeInRow, lengths, groupOf, totals };
}
