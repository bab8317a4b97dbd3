/** Elementary functions of two doubles at a time; src/math/fdlibm.ts has the same operations in the same order. */

// @ts-ignore: decorator
@inline
function both(x: f64): v128 {
  return f64x2.splat(x);
}

// @ts-ignore: decorator
@inline
function plus(x: v128, c: f64): v128 {
  return f64x2.add(x, both(c));
}

/** ln x of normal numbers x > 0. Not for 0, subnormal or infinite ones. */
// @ts-ignore: decorator
@inline
export function ln(x: v128): v128 {
  // x = 2^k·m with m in [√½, √2)
  const high = i64x2.add(x, i64x2.splat(0x00095f6200000000)); // that √½ becomes 1 in the upper word
  const exponent = i64x2.sub(i64x2.shr_u(high, 52), i64x2.splat(1023));
  const k = f64x2.convert_low_i32x4_s(
    i8x16.shuffle(exponent, exponent, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11),
  );
  const m = i64x2.sub(x, i64x2.shl(exponent, 52));
  const f = plus(m, -1);
  const s = f64x2.div(f, plus(f, 2));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(
    w,
    plus(f64x2.mul(w, plus(f64x2.mul(w, both(1.531383769920937332e-1)), 2.222219843214978396e-1)), 3.999999999940941908e-1),
  );
  const odd = f64x2.mul(
    z,
    plus(
      f64x2.mul(
        w,
        plus(f64x2.mul(w, plus(f64x2.mul(w, both(1.479819860511658591e-1)), 1.818357216161805012e-1)), 2.857142874366239149e-1),
      ),
      6.66666666666673513e-1,
    ),
  );
  const rest = f64x2.add(odd, even);
  const half = f64x2.mul(f64x2.mul(both(0.5), f), f);
  const small = f64x2.add(f64x2.mul(s, f64x2.add(half, rest)), f64x2.mul(k, both(1.90821492927058770002e-10)));
  return f64x2.sub(f64x2.mul(k, both(6.93147180369123816490e-1)), f64x2.sub(f64x2.sub(half, small), f));
}

/** sin of x in [−π/4, π/4], given z = x². */
// @ts-ignore: decorator
@inline
export function sinNearZero(x: v128, z: v128): v128 {
  let r = plus(f64x2.mul(z, both(1.58969099521155010221e-10)), -2.50507602534068634195e-8);
  r = plus(f64x2.mul(z, r), 2.75573137070700676789e-6);
  r = plus(f64x2.mul(z, r), -1.98412698298579493134e-4);
  r = plus(f64x2.mul(z, r), 8.33333333332248946124e-3);
  r = plus(f64x2.mul(z, r), -1.66666666666666324348e-1);
  return f64x2.add(x, f64x2.mul(f64x2.mul(x, z), r));
}

/** cos of x in [−π/4, π/4], given z = x². */
// @ts-ignore: decorator
@inline
export function cosNearZero(z: v128): v128 {
  let r = plus(f64x2.mul(z, both(-1.13596475577881948265e-11)), 2.0875723212981748279e-9);
  r = plus(f64x2.mul(z, r), -2.75573143513906633035e-7);
  r = plus(f64x2.mul(z, r), 2.48015872894767294178e-5);
  r = plus(f64x2.mul(z, r), -1.38888888888741095749e-3);
  r = plus(f64x2.mul(z, r), 4.16666666666666019037e-2);
  return f64x2.sub(both(1), f64x2.sub(f64x2.mul(both(0.5), z), f64x2.mul(f64x2.mul(z, z), r)));
}
