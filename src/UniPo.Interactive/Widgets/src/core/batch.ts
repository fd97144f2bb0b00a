/** Plain numbers of a batch, stored flat: token t of response i is element rowStarts[i] + t of every column. */
export interface Batch {
  /** [B + 1] index of each response's first token. */
  readonly rowStarts: ArrayLike<number>;
  /** [P + 1] index of each prompt group's first response. */
  readonly groupStarts: ArrayLike<number>;
  /** [ΣT] non-zero where the token counts; absent when all do. */
  readonly mask?: ArrayLike<number> | null;
  /** [ΣT] log π_θ, in nats. */
  readonly logProbs: ArrayLike<number>;
  /** [ΣT] log π_old, in nats. */
  readonly oldLogProbs: ArrayLike<number>;
  readonly referenceLogProbs?: ArrayLike<number> | null;
  /** [ΣT] value estimates at sampling time (GAE). */
  readonly oldValues?: ArrayLike<number> | null;
  readonly entropies?: ArrayLike<number> | null;
  /** [ΣT] rewards per token; absent for outcome rewards. */
  readonly tokenRewards?: ArrayLike<number> | null;
  /** [B] outcome rewards. */
  readonly rewards: ArrayLike<number>;
  /** [P] reward of the greedy response (ReMax). */
  readonly greedyRewards?: ArrayLike<number> | null;
}

/** Counts that aggregation and whitening need, computed once a batch. */
export interface Shape {
  readonly rows: number;
  readonly groups: number;
  readonly tokens: number;
  readonly activeTokens: number;
  readonly activeRows: number;
  readonly maxLength: number;
  /** [B] tokens that count in each response. */
  readonly activeInRow: Int32Array;
  /** [B] group of each response. */
  readonly groupOf: Int32Array;
}

export const isActive = (batch: Batch, token: number): boolean => !batch.mask || batch.mask[token] !== 0;

export function measure(batch: Batch): Shape {
  const rows = batch.rowStarts.length - 1;
  const groups = batch.groupStarts.length - 1;
  const activeInRow = new Int32Array(rows);
  const groupOf = new Int32Array(rows);
  let activeTokens = 0, activeRows = 0, maxLength = 0;
  for (let i = 0; i < rows; i++) {
    const from = batch.rowStarts[i]!, to = batch.rowStarts[i + 1]!;
    let count = to - from;
    if (batch.mask) for (let t = from; t < to; t++) if (batch.mask[t] === 0) count--;
    activeInRow[i] = count;
    activeTokens += count;
    if (count > 0) activeRows++;
    maxLength = Math.max(maxLength, to - from);
  }
  for (let g = 0; g < groups; g++)
    for (let i = batch.groupStarts[g]!; i < batch.groupStarts[g + 1]!; i++) groupOf[i] = g;
  return { rows, groups, tokens: batch.rowStarts[rows]!, activeTokens, activeRows, maxLength, activeInRow, groupOf };
}
