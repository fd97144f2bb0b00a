// Functions of the browser that the sources call often, under names that the bundler may shorten. The dollar keeps them apart from
// every name of the sources: a local "round" would otherwise catch what is meant for Math.round.
export const {
  abs: $abs,
  ceil: $ceil,
  exp: $exp,
  floor: $floor,
  hypot: $hypot,
  log: $log,
  log10: $log10,
  max: $max,
  min: $min,
  round: $round,
  sign: $sign,
  sqrt: $sqrt,
} = Math;
export const { isFinite: $isFinite } = Number;
export const { from: $from } = Array;
export const { Float64Array: $Doubles } = globalThis;
