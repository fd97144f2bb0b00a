/** Decompresses raw DEFLATE data (RFC 1951) at once, because a view must not have to wait for a stream. */
export function inflate(data: Uint8Array, size: number): Uint8Array {
  const reader = new BitReader(data),
    out = new Uint8Array(size);
  let at = 0,
    last = false;
  while (!last) {
    last = reader.bits(1) === 1;
    const type = reader.bits(2);
    if (type === 0) {
      const length = reader.aligned();
      out.set(reader.bytes(length), at);
      at += length;
    } else if (type === 3) throw new RangeError('The compressed numbers are damaged.');
    else at = block(reader, out, at, ...(type === 1 ? fixedTables() : dynamicTables(reader)));
  }
  return out;
}

/** Codes of up to nine bits are looked up at once (symbol · 16 + length, at the code's bits as they come); longer ones are searched. */
interface Table {
  readonly quick: Uint16Array;
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const quickBits = 9;

class BitReader {
  private at = 0;
  private held = 0;
  private count = 0;

  constructor(private readonly data: Uint8Array) {}

  bits(n: number): number {
    this.fill();
    const value = this.held & ((1 << n) - 1);
    this.take(n);
    return value;
  }

  private fill(): void {
    while (this.count <= 16 && this.at < this.data.length) {
      this.held |= this.data[this.at++]! << this.count;
      this.count += 8;
    }
  }

  private take(n: number): void {
    if (n > this.count) throw new RangeError('The compressed numbers end too early.');
    this.held >>>= n;
    this.count -= n;
  }

  /** Goes on at the next byte and reads the length of a stored block. */
  aligned(): number {
    this.at -= this.count >> 3;
    this.held = this.count = 0;
    const length = this.data[this.at]! | (this.data[this.at + 1]! << 8);
    this.at += 4;
    return length;
  }

  bytes(n: number): Uint8Array {
    return this.data.subarray(this.at, (this.at += n));
  }

  symbol(table: Table): number {
    this.fill();
    const entry = table.quick[this.held & ((1 << quickBits) - 1)]!;
    if (entry) {
      this.take(entry & 15);
      return entry >> 4;
    }
    let code = 0,
      first = 0,
      index = 0;
    for (let length = 1; length <= 15; length++) {
      code |= (this.held >>> (length - 1)) & 1;
      const count = table.counts[length]!;
      if (code - count < first) {
        this.take(length);
        return table.symbols[index + code - first]!;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new RangeError('The compressed numbers are damaged.');
  }
}

function table(lengths: ArrayLike<number>): Table {
  const counts = new Uint16Array(16),
    offsets = new Uint16Array(16),
    symbols = new Uint16Array(lengths.length),
    quick = new Uint16Array(1 << quickBits);
  for (let i = 0; i < lengths.length; i++) counts[lengths[i]!]!++;
  counts[0] = 0;
  for (let n = 1; n < 15; n++) offsets[n + 1] = offsets[n]! + counts[n]!;
  for (let i = 0; i < lengths.length; i++) if (lengths[i] !== 0) symbols[offsets[lengths[i]!]!++] = i;
  for (let length = 1, code = 0, i = 0; length <= quickBits; length++, code <<= 1)
    for (let n = counts[length]!; n > 0; n--, code++, i++)
      for (let at = reversed(code, length); at < quick.length; at += 1 << length) quick[at] = (symbols[i]! << 4) | length;
  return { quick, counts, symbols };
}

/** Codes are written with their highest bit first, everything else with its lowest. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (; length > 0; length--, code >>= 1) result = (result << 1) | (code & 1);
  return result;
}

let fixed: [Table, Table] | null = null;
function fixedTables(): [Table, Table] {
  return (fixed ??= [
    table(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    table(new Array(30).fill(5)),
  ]);
}

const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

function dynamicTables(reader: BitReader): [Table, Table] {
  const literals = reader.bits(5) + 257,
    distances = reader.bits(5) + 1,
    used = reader.bits(4) + 4;
  const lengths = new Uint8Array(literals + distances),
    codes = new Uint8Array(19);
  for (let i = 0; i < used; i++) codes[order[i]!] = reader.bits(3);
  const code = table(codes);
  for (let i = 0; i < lengths.length;) {
    const symbol = reader.symbol(code);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    const repeated = symbol === 16 ? lengths[i - 1]! : 0;
    const times = symbol === 16 ? 3 + reader.bits(2) : symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7);
    lengths.fill(repeated, i, (i += times));
  }
  return [table(lengths.subarray(0, literals)), table(lengths.subarray(literals))];
}

/** Base and extra bits of length codes 257 … 285 and distance codes 0 … 29. */
const lengthBase = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthExtra = (code: number): number => (code < 8 || code === 28 ? 0 : (code - 4) >> 2);
const distanceExtra = (code: number): number => (code < 4 ? 0 : (code - 2) >> 1);
const distanceBase = (code: number): number => (code < 4 ? code + 1 : ((2 + (code & 1)) << distanceExtra(code)) + 1);

function block(reader: BitReader, out: Uint8Array, at: number, literals: Table, distances: Table): number {
  for (;;) {
    const symbol = reader.symbol(literals);
    if (symbol === 256) return at;
    if (symbol < 256) {
      out[at++] = symbol;
      continue;
    }
    const code = symbol - 257,
      length = lengthBase[code]! + reader.bits(lengthExtra(code));
    const far = reader.symbol(distances),
      distance = distanceBase(far) + reader.bits(distanceExtra(far));
    for (const end = at + length; at < end; at++) out[at] = out[at - distance]!;
  }
}
