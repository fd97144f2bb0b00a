import { NumberScale } from '../dom/numbers.js';

/** What tokens can be coloured by; the names of C#'s TokenColour. */
export type Colour = 'weight' | 'objective' | 'logProb' | 'probability' | 'ratio' | 'advantage' | 'kl' | 'entropy' | 'value';

export const colours: readonly Colour[] = [
  'weight',
  'objective',
  'logProb',
  'probability',
  'ratio',
  'advantage',
  'kl',
  'entropy',
  'value',
];
export const levels = 10;

const names: Partial<Record<Colour, string>> = {
  logProb: 'log-probability',
  kl: 'KL',
  value: 'value estimate',
  objective: 'objective term',
};
const meanings: Record<Colour, string> = {
  weight: 'w = ∂J/∂log π',
  objective: 'before aggregation',
  logProb: 'log π in nats',
  probability: 'π',
  ratio: 'π/π_old',
  advantage: 'A',
  kl: 'nats, against the reference',
  entropy: 'nats',
  value: 'V',
};
const words: Record<Colour, [string, string]> = {
  weight: ['▼ made less likely', '▲ made more likely'],
  ratio: ['▼ less likely than when sampled', '▲ more likely'],
  objective: ['▼ negative', '▲ positive'],
  value: ['▼ negative', '▲ positive'],
  advantage: ['▼ worse than expected', '▲ better than expected'],
  logProb: ['certain', 'surprising'],
  probability: ['surprising', 'certain'],
  entropy: ['decided', 'undecided'],
  kl: ['none', 'far'],
};

export const nameOf = (colour: Colour): string => names[colour] ?? colour;

/** Turns the numbers of one column into palette levels and short labels; the twin of C#'s TokenColouring. */
export class Colouring {
  readonly limit: number;
  private readonly scale: NumberScale;

  constructor(
    readonly colour: Colour,
    limit: number,
    readonly range: string,
  ) {
    this.limit = colour === 'probability' ? 1 : limit;
    this.scale = NumberScale.for(colour === 'ratio' ? Math.exp(this.limit) : this.limit);
  }

  /** The largest size in a column: the number that gets the full colour. */
  static largest(colour: Colour, column: ArrayLike<number>): number {
    let largest = 0;
    for (let t = 0; t < column.length; t++) {
      const size = Math.abs(colour === 'ratio' ? Math.log(column[t]!) : column[t]!);
      if (Number.isFinite(size) && size > largest) largest = size;
    }
    return largest;
  }

  get isSigned(): boolean {
    return ['weight', 'objective', 'ratio', 'advantage', 'value'].includes(this.colour);
  }
  get name(): string {
    return nameOf(this.colour);
  }
  get meaning(): string {
    return meanings[this.colour];
  }
  get words(): [string, string] {
    return words[this.colour];
  }
  get unit(): string {
    return this.scale.unit.replace('×', '');
  }
  /** The head of the column of tokens. */
  get heading(): string {
    return `tokens, each with its ${this.name}${this.unit ? ' in ' + this.unit : ''}`;
  }
  get ends(): string[] {
    const w = (x: number) => this.scale.write(x),
      limit = this.limit;
    if (this.colour === 'ratio') return [w(Math.exp(-limit)), '1', w(Math.exp(limit))];
    if (this.colour === 'logProb') return ['0', w(-limit)];
    return this.isSigned ? [this.scale.signed(-limit), '0', this.scale.signed(limit)] : ['0', w(limit)];
  }

  /** The number as a share of the limit, in [−1, 1]. */
  position(value: number): number {
    const signed = this.colour === 'ratio' ? Math.log(value) : value;
    return this.limit === 0 || !Number.isFinite(signed) ? 0 : Math.max(-1, Math.min(1, signed / this.limit));
  }

  /** Class of a token's mark: every number but exact neutral gets at least the first step of colour. */
  classOf(value: number): string {
    if (!Number.isFinite(value)) return '';
    const position = this.position(value);
    const level = position === 0 ? 0 : Math.max(1, roundEven(Math.abs(position) * levels));
    return !this.isSigned ? `s${level}` : position < 0 ? `n${level}` : `p${level}`;
  }

  label(value: number): string {
    return this.isSigned && this.colour !== 'ratio' ? this.scale.signed(value) : this.scale.write(value);
  }
}

/** Halves to the even neighbour, as Math.Round does in .NET. */
function roundEven(x: number): number {
  const below = Math.floor(x);
  return x - below === 0.5 ? below + (below % 2) : Math.round(x);
}
