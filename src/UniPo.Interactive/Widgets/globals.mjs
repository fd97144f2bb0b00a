// Functions of the browser that the sources call often, under names that the bundler may shorten.
export const { abs, ceil, exp, floor, hypot, log, log10, max, min, round, sign, sqrt } = Math;
export const { isFinite } = Number;
export const { from } = Array;
export const { Float64Array: Doubles } = globalThis;
