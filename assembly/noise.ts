/**
 * Standard noise from random words, in place: each word, or block of two, becomes float32. src/random/noise.ts says what
 * each is. Counts are rounded up to a multiple of 4, of 8 for the normal.
 */
import {cosNearZero, ln, sinNearZero} from './fdlibm';
import {floats} from './lanes';

/** (w + 1/2)/2^32 of words 0 and 1, or 2 and 3. */
// @ts-ignore: decorator
@inline
function open(words: v128): v128 {
  return f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_u(words), f64x2.splat(0.5)), f64x2.splat(2.3283064365386962890625e-10));
}

// @ts-ignore: decorator
@inline
function upper(words: v128): v128 {
  return i8x16.shuffle(words, words, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
}

export function uniform(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    v128.store(at, f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(v128.load(at), 8)), f32x4.splat(5.9604644775390625e-8)));
  }
}

export function exponential(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const w = v128.load(at);
    v128.store(at, f32x4.neg(floats(ln(open(w)), ln(open(upper(w))))));
  }
}

// @ts-ignore: decorator
@inline
function gumbelOf(words: v128): v128 {
  return ln(f64x2.neg(ln(open(words))));
}

export function gumbel(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const w = v128.load(at);
    v128.store(at, f32x4.neg(floats(gumbelOf(w), gumbelOf(upper(w)))));
  }
}

// @ts-ignore: decorator
@inline
function logisticOf(words: v128): v128 {
  const u = open(words);
  return ln(f64x2.div(u, f64x2.sub(f64x2.splat(1), u)));
}

export function logistic(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const w = v128.load(at);
    v128.store(at, floats(logisticOf(w), logisticOf(upper(w))));
  }
}

// @ts-ignore: decorator
@inline
function laplaceOf(words: v128): v128 {
  const u = open(words);
  const isLow = f64x2.lt(u, f64x2.splat(0.5));
  const l = ln(f64x2.mul(f64x2.splat(2), v128.bitselect(u, f64x2.sub(f64x2.splat(1), u), isLow)));
  return v128.bitselect(l, f64x2.neg(l), isLow);
}

export function laplace(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) {
    const w = v128.load(at);
    v128.store(at, floats(laplaceOf(w), laplaceOf(upper(w))));
  }
}

/** Radius of a word and the direction of another: words of blocks 0 and 1 give four numbers. */
// @ts-ignore: decorator
@inline
function normalOf(words: v128): v128 {
  const forRadius = i8x16.shuffle(words, words, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11);
  const forAngle = i8x16.shuffle(words, words, 4, 5, 6, 7, 12, 13, 14, 15, 4, 5, 6, 7, 12, 13, 14, 15);
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), ln(open(forRadius))));
  // the quarter turn that is nearest, and what is left, exactly
  const quarter = i32x4.shr_u(i32x4.add(forAngle, i32x4.splat(0x20000000)), 30);
  const rest = i32x4.sub(forAngle, i32x4.shl(quarter, 30));
  const x = f64x2.mul(f64x2.convert_low_i32x4_s(rest), f64x2.splat(1.4629180792671596e-9));
  const z = f64x2.mul(x, x);
  const sin = sinNearZero(x, z);
  const cos = cosNearZero(z);
  const q = i64x2.extend_low_i32x4_u(quarter);
  const isOdd = i64x2.neg(v128.and(q, i64x2.splat(1)));
  const first = v128.bitselect(sin, cos, isOdd);
  const second = v128.bitselect(cos, sin, isOdd);
  const signOfCos = i64x2.shl(i64x2.add(q, i64x2.splat(1)), 62);
  const signOfSin = i64x2.shl(q, 62);
  const top = i64x2.splat(0x8000000000000000);
  const a = f32x4.demote_f64x2_zero(f64x2.mul(radius, v128.xor(first, v128.and(signOfCos, top))));
  const b = f32x4.demote_f64x2_zero(f64x2.mul(radius, v128.xor(second, v128.and(signOfSin, top))));
  return i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
}

export function normal(at: usize, n: i32): void {
  for (const end = at + ((<usize>n) << 2); at < end; at += 16) v128.store(at, normalOf(v128.load(at)));
}
