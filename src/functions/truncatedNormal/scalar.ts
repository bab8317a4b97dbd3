/**
 * Truncated normal distributions in double precision, seen from the point of highest density: t from −p to q has weight
 * exp(−s t − t²/2), where s is that point in standard units, p = 0 if s > 0 and q = 0 if s < 0. So nothing cancels,
 * however far out in a tail the interval lies.
 */

/**
 * The lower half of the nodes and weights of the Gauss–Legendre formula with sixteen nodes on [0, 1]; the upper half
 * mirrors it.
 */
const HALF = [
  [0.005299532504175033, 0.013576229705877048],
  [0.02771248846338371, 0.031126761969323947],
  [0.06718439880608412, 0.04757925584124639],
  [0.12229779582249849, 0.06231448562776694],
  [0.19106187779867811, 0.07479799440828837],
  [0.2709916111713863, 0.08457825969750127],
  [0.35919822461037054, 0.09130170752246179],
  [0.4524937450811813, 0.09472530522753425],
] as const;
export const NODES: ReadonlyArray<readonly [node: number, weight: number]> = [
  ...HALF,
  ...HALF.map(([x, w]) => [1 - x, w] as const),
];
const PLACES = Float64Array.from(NODES, ([node]) => node);
const WEIGHTS = Float64Array.from(NODES, ([, weight]) => weight);

/** The exponent beyond which weights count for nothing: e^−22 of the largest. */
export const CUT = 22;

/** ∫ (t/w)ⁿ exp(−at − t²/2) dt from 0 to l, for a >= 0: relative error below 1e-7 for n up to 2. */
function side(n: number, a: number, l: number, w: number): number {
  if (!(l > 0)) return 0;
  const end = Math.min(l, (2 * CUT) / (a + Math.sqrt(a * a + 2 * CUT)));
  let sum = 0;
  for (let i = 0; i < PLACES.length; i++) {
    const t = end * PLACES[i]!;
    const density = WEIGHTS[i]! * Math.exp(-t * (a + 0.5 * t));
    sum += n === 0 ? density : density * (t / w) ** n;
  }
  return end * sum;
}

const mass = (a: number, l: number): number => side(0, a, l, 1);

/** The logarithm of the mean weight over the interval. */
export function truncatedLogMean(s: number, p: number, q: number): number {
  const a = Math.abs(s);
  return Math.log((mass(a, p) + mass(a, q)) / (p + q));
}

/** The mean of (t/(p + q))ⁿ, n whole and >= 0. */
export function truncatedMoment(n: number, s: number, p: number, q: number): number {
  const a = Math.abs(s);
  const w = p + q;
  return (side(n, a, q, w) + (n % 2 === 0 ? 1 : -1) * side(n, a, p, w)) / (mass(a, p) + mass(a, q));
}

/** ln P(t <= d), given d + p too, in which float32 may cancel. */
export function truncatedLogCdf(d: number, fromLow: number, s: number, p: number, q: number): number {
  if (!(fromLow > 0)) return -Infinity;
  if (!(d < q)) return 0;
  const a = Math.abs(s);
  const [below, above] = [mass(a, p), mass(a, q)];
  const all = below + above;
  const near = mass(a, Math.abs(d));
  if (d < 0) {
    const upper = above + near;
    if (upper < 0.5 * all) return Math.log1p(-upper / all);
    return d * (a - 0.5 * d) + Math.log(mass(a - d, fromLow) / all);
  }
  const upper = Math.exp(-d * (a + 0.5 * d)) * mass(a + d, q - d);
  return upper < 0.5 * all ? Math.log1p(-upper / all) : Math.log((below + near) / all);
}

/**
 * The t in [0, l] with mass `near` before it and `tail` after it: by Newton's method, from the side from which it is
 * monotone.
 */
function place(a: number, l: number, near: number, tail: number): number {
  if (near <= tail) {
    let t = near;
    for (let i = 0; i < 40; i++) {
      const step = (near - mass(a, t)) * Math.exp(t * (a + 0.5 * t));
      t += step;
      if (Math.abs(step) <= 1e-10 * t) break;
    }
    return Math.min(t, l);
  }
  if (!(tail > 0)) return l;
  const fall = Math.log((near + tail) / tail);
  let t = Math.min(l * (near / (near + tail)), (2 * fall) / (a + Math.sqrt(a * a + 2 * fall)));
  for (let i = 0; i < 40; i++) {
    const rest = mass(a + t, l - t);
    if (!(rest > 0)) break; // t has come to l
    const step = rest * (Math.log(rest / tail) - t * (a + 0.5 * t));
    t += step;
    if (Math.abs(step) <= 1e-10 * t) break;
  }
  return Math.max(0, Math.min(t, l));
}

/** The t with P(<= t) = v, for v < 0 with P(> t) = −v, which keeps the digits of both tails; at 0 the lower end. */
export function truncatedQuantile(v: number, s: number, p: number, q: number): number {
  const a = Math.abs(s);
  const [below, above] = [mass(a, p), mass(a, q)];
  const all = below + above;
  const part = Math.abs(v) * all;
  if (v >= 0) return part < below ? -place(a, p, below - part, part) : place(a, q, part - below, all - part);
  return part < above ? place(a, q, above - part, part) : -place(a, p, part - above, all - part);
}

/** The derivative of a quantile by s where it has the value d. */
export function truncatedShift(d: number, s: number, p: number, q: number): number {
  if (s < 0 || (s === 0 && d < 0)) return truncatedShift(-d, -s, q, p);
  const t = Math.min(Math.max(d, 0), q);
  const [before, beyond] = [mass(s, p) + mass(s, t), mass(s + t, q - t)];
  const [firstBefore, firstBeyond] = [side(1, s, t, 1) - side(1, s, p, 1), side(1, s + t, q - t, 1) + t * beyond];
  return (beyond * firstBefore - before * firstBeyond) / (mass(s, p) + mass(s, q));
}
