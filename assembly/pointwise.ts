/**
 * Functions of each of four floats at a time, within three units in the last place, also where results are small; what
 * is not finite, and results beyond the range of float32, are as of the exact function. Polynomials of Cephes (Moshier
 * 1984: expf.c, tanhf.c).
 */
import {part, set} from './lanes';

// @ts-ignore: decorator
@inline
function both(x: f32): v128 {
  return f32x4.splat(x);
}

/** x·y + c. */
// @ts-ignore: decorator
@inline
function next(x: v128, y: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(x, y), both(c));
}

/** e^x. */
// @ts-ignore: decorator
@inline
function exponential(x: v128): v128 {
  const inside = f32x4.min(f32x4.max(x, both(-104)), both(89)); // e^−104 is 0 in float32, e^89 infinite
  const n = f32x4.nearest(f32x4.mul(inside, both(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(inside, f32x4.mul(n, both(0.693359375))), f32x4.mul(n, both(-2.12194440e-4)));
  let p = next(both(1.9875691500e-4), r, 1.3981999507e-3);
  p = next(p, r, 8.3334519073e-3);
  p = next(p, r, 4.1665795894e-2);
  p = next(p, r, 1.6666665459e-1);
  p = next(p, r, 5.0000001201e-1);
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), both(1));
  // 2^n in two factors, each a normal number
  const power = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(power, 1);
  const bias = i32x4.splat(127);
  const first = i32x4.shl(i32x4.add(half, bias), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(power, half), bias), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

export function exp(to: usize, from: usize, n: i32): void {
  for (; n > 0; n -= 4, from += 16, to += 16) set(to, exponential(part(from, n)), n);
}

/** max(x, 0) + ln(1 + t), t = e^−|x|: 2 artanh s of s = t/(2 + t), which is at most 1/3. */
export function softplus(to: usize, from: usize, n: i32): void {
  for (; n > 0; n -= 4, from += 16, to += 16) {
    const x = part(from, n);
    const t = exponential(f32x4.neg(f32x4.abs(x)));
    const s = f32x4.div(t, f32x4.add(t, both(2)));
    const z = f32x4.mul(s, s);
    let p = next(both(0.076923076923), z, 0.090909090909);
    p = next(p, z, 0.111111111111);
    p = next(p, z, 0.142857142857);
    p = next(p, z, 0.2);
    p = next(p, z, 0.333333333333);
    p = f32x4.mul(p, z);
    const twice = f32x4.add(s, s);
    set(to, f32x4.add(f32x4.max(x, both(0)), f32x4.add(twice, f32x4.mul(twice, p))), n);
  }
}

/** 1 − 2/(e^2|x| + 1) with the sign of x; near 0 a polynomial. */
export function tanh(to: usize, from: usize, n: i32): void {
  for (; n > 0; n -= 4, from += 16, to += 16) {
    const x = part(from, n);
    const size = f32x4.abs(x);
    const far = f32x4.sub(both(1), f32x4.div(both(2), f32x4.add(exponential(f32x4.add(size, size)), both(1))));
    const z = f32x4.mul(x, x);
    let p = next(both(-5.70498872745e-3), z, 2.06390887954e-2);
    p = next(p, z, -5.37397155531e-2);
    p = next(p, z, 1.33314422036e-1);
    p = next(p, z, -3.33332819422e-1);
    const near = f32x4.add(f32x4.mul(f32x4.mul(p, z), size), size);
    const value = v128.bitselect(near, far, f32x4.lt(size, both(0.625)));
    set(to, v128.or(value, v128.and(x, both(-0.0))), n);
  }
}

export function sqrt(to: usize, from: usize, n: i32): void {
  for (; n > 0; n -= 4, from += 16, to += 16) set(to, f32x4.sqrt(part(from, n)), n);
}
