/**
 * Logarithm, sine and cosine in double precision, out of additions, products and quotients alone: the same bits in every
 * engine, whose own `Math.log` and `Math.cos` may differ in the last, and in assembly/fdlibm.ts, which does these
 * operations on several numbers at once, in this order.
 *
 * Polynomials and reductions of fdlibm (Sun Microsystems 1993: e_log.c, k_sin.c, k_cos.c); errors below one unit in the
 * last place.
 */

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer); // the upper half is the second, as wherever JavaScript runs
/** What takes the upper half of √½ to that of 1. */
const FROM_ROOT_HALF = 0x3ff00000 - 0x3fe6a09e;
/** 2^(1024 − i): a product with one is quicker than writing an exponent, and as exact. */
const POWERS = Float64Array.from({length: 2049}, (_, i) => 2 ** (1024 - i));

/** ln x of normal numbers x > 0; for 0, subnormal and infinite ones it is not made. */
export function naturalLog(x: number): number {
  // x = 2^k·m, m in [√½, √2)
  double[0] = x;
  const exponent = ((halves[1]! + FROM_ROOT_HALF) >> 20) - 1023;
  const f = x * POWERS[exponent + 1024]! - 1;
  const s = f / (f + 2);
  const z = s * s;
  const w = z * z;
  const even = w * (w * (w * 1.531383769920937332e-1 + 2.222219843214978396e-1) + 3.999999999940941908e-1);
  const odd =
    z *
    (w * (w * (w * 1.479819860511658591e-1 + 1.818357216161805012e-1) + 2.857142874366239149e-1) +
      6.66666666666673513e-1);
  const half = 0.5 * f * f;
  const small = s * (half + (odd + even)) + exponent * 1.90821492927058770002e-10;
  return exponent * 6.9314718036912381649e-1 - (half - small - f);
}

function sinNearZero(x: number, z: number): number {
  let r = z * 1.58969099521155010221e-10 - 2.50507602534068634195e-8;
  r = z * r + 2.75573137070700676789e-6;
  r = z * r - 1.98412698298579493134e-4;
  r = z * r + 8.33333333332248946124e-3;
  r = z * r - 1.66666666666666324348e-1;
  return x + x * z * r;
}

function cosNearZero(z: number): number {
  let r = z * -1.13596475577881948265e-11 + 2.0875723212981748279e-9;
  r = z * r - 2.75573143513906633035e-7;
  r = z * r + 2.48015872894767294178e-5;
  r = z * r - 1.38888888888741095749e-3;
  r = z * r + 4.16666666666666019037e-2;
  return 1 - (0.5 * z - z * z * r);
}

/** The unit of angles that are given as words: a turn is 2^32. */
const OF_WORD = 2 * Math.PI * 2 ** -32;
const QUARTER_TURN = 0x40000000;

/** cos(2π·word/2^32), the nearest quarter told exactly. */
export function cosOfTurn(word: number): number {
  const quarter = (word + QUARTER_TURN / 2) >>> 30;
  const x = ((word - (quarter << 30)) | 0) * OF_WORD;
  const z = x * x;
  const value = (quarter & 1) === 0 ? cosNearZero(z) : sinNearZero(x, z);
  return quarter === 1 || quarter === 2 ? -value : value;
}

/** sin(2π·word/2^32): the cosine a quarter turn before. */
export const sinOfTurn = (word: number): number => cosOfTurn((word - QUARTER_TURN) >>> 0);
