/**
 * Integrals over s from 0 to ∞ of e^{−g(s)} times something slow, for a convex g that rises from g(0) = 0: tails of
 * log-concave densities, relative to the density where they start.
 */

/** g and its derivative at s. */
export type Exponent = (s: number) => readonly [value: number, slope: number];

/** Past this value of g nothing counts. */
const END = 24;
/** The first node and the step; they give 7 digits for the beta and Student densities. */
const START = -3.2;
const STEP = 0.36;
/** Reached only where the parameters are out of range. */
const MOST_NODES = 300;

/** The s where g is `level`, by Newton's method, which comes from above after its first step since g is convex. */
function reach(g: Exponent, level: number, from: number): number {
  let s = from;
  for (let i = 0; i < 8; i++) {
    const [value, slope] = g(s);
    const next = s - (value - level) / slope;
    s = next > 0 ? next : s / 2;
    if (Math.abs(value - level) < 0.05 * level) break;
  }
  return s;
}

/**
 * Calls visit(s, w) for nodes s with weights w, so that Σ w f(s) e^{−g(s)} is the integral of f e^{−g}. `slope` and
 * `curvature` are g′(0) and about g″(0). The substitution s = L ln(1 + e^{u − e^{−u}}) makes the start of the interval
 * smooth and leaves the rest alone; L is where g is 1, but at most `longest`, over which the derivatives of the density
 * change; then the trapezoidal rule (Takahasi & Mori 1974).
 */
export function tailNodes(
  g: Exponent,
  slope: number,
  curvature: number,
  longest: number,
  visit: (s: number, weight: number) => void,
): void {
  const guess = (level: number) =>
    Math.min(40 * longest, (2 * level) / (slope + Math.sqrt(slope * slope + 2 * level * curvature)));
  const unit = reach(g, 1, guess(1));
  const end = reach(g, END, Math.max(unit, guess(END)));
  const length = Math.min(unit, longest);
  for (let i = 0; i < MOST_NODES; i++) {
    const u = START + STEP * i;
    if (!(u <= end / length)) break;
    const e = Math.exp(-u);
    const v = u - e;
    visit(length * (v > 35 ? v : Math.log1p(Math.exp(v))), (length * STEP * (1 + e)) / (1 + Math.exp(-v)));
  }
}
