/**
 * The von Mises distribution, p(x) ∝ e^{κ cos x} on [−π, π], for numbers: integrals of its density by a fixed
 * Gauss–Legendre rule over the part of the tail, or of the middle, that counts. All is written in 1 − cos x = 2
 * sin²(x/2) and its differences, so nothing cancels.
 */
import {gaussLegendre} from '../../math/gaussLegendre.js';
import {i0eMoment} from '../bessel/scalar.js';
import {once} from '../../util/once.js';

/** What lies beyond e^{−RANGE} of the first value of an integrand is left out. */
export const RANGE = 25;
export const PANELS = 4;

/** Eight points for each of the panels: 10⁻¹⁰ for e^{−RANGE t} on [0, 1]. */
export const RULE = once(() => {
  const {nodes, weights} = gaussLegendre(8);
  return nodes.map((node, i) => ({node, weight: weights[i]!}));
});

/** 1 − cos x. */
export function versine(x: number): number {
  return 2 * Math.sin(0.5 * x) ** 2;
}

/** ∫ (c0 + c1 d + c2 d²) e^{−κ d} ds over [low, high], with d = cos a − cos(a + s). */
function integral(a: number, low: number, high: number, kappa: number, c0: number, c1: number, c2: number): number {
  const width = (high - low) / PANELS;
  let sum = 0;
  for (let panel = 0; panel < PANELS; panel++) {
    for (const {node, weight} of RULE()) {
      const half = 0.5 * (low + (panel + node) * width);
      const d = 2 * Math.sin(a + half) * Math.sin(half);
      sum += weight * (c0 + d * (c1 + d * c2)) * Math.exp(-kappa * d);
    }
  }
  return sum * width;
}

/** The length of [a, π] that counts: to where the density has fallen by e^{−RANGE}. */
function reach(a: number, kappa: number): number {
  const square = Math.sin(0.5 * a) ** 2 + (0.5 * RANGE) / kappa;
  return square < 1 ? 2 * Math.asin(Math.sqrt(square)) - a : Math.PI - a;
}

/** p(x). */
export function vonMisesDensity(x: number, concentration: number): number {
  if (!(concentration >= 0)) return NaN;
  return Math.exp(-concentration * versine(x)) / (2 * Math.PI * i0eMoment(concentration, 0));
}

/** F(x). */
export function vonMisesCdf(x: number, concentration: number): number {
  if (Number.isNaN(x) || !(concentration >= 0)) return NaN;
  const a = Math.abs(x);
  const tail =
    a >= Math.PI
      ? 0
      : vonMisesDensity(a, concentration) * integral(a, 0, reach(a, concentration), concentration, 1, 0, 0);
  return x < 0 ? tail : 1 - tail;
}

/** ln F(x). */
export function vonMisesLogCdf(x: number, concentration: number): number {
  if (Number.isNaN(x) || !(concentration >= 0)) return NaN;
  if (x >= 0) return Math.log1p(-vonMisesCdf(-x, concentration));
  const a = Math.min(-x, Math.PI);
  const area = integral(a, 0, reach(a, concentration), concentration, 1, 0, 0);
  return Math.log(area / (2 * Math.PI * i0eMoment(concentration, 0))) - concentration * versine(a);
}

/** ∫ (c0 + c1 d + c2 d²) e^{−κ d} from |z| to π, or, inside of the mean of 1 − cos x, minus that from 0 to |z|. */
function shift(a: number, inside: boolean, kappa: number, c0: number, c1: number, c2: number): number {
  return inside ? -integral(a, -a, 0, kappa, c0, c1, c2) : integral(a, 0, reach(a, kappa), kappa, c0, c1, c2);
}

/** −(∂F/∂κ)/p at z. */
export function vonMisesSampleDerivative(concentration: number, z: number): number {
  if (Number.isNaN(z) || !(concentration >= 0)) return NaN;
  const a = Math.min(Math.abs(z), Math.PI);
  const excess = versine(a) - i0eMoment(concentration, 1) / i0eMoment(concentration, 0);
  return -Math.sign(z) * shift(a, excess < 0, concentration, excess, 1, 0);
}

/** The derivative of `vonMisesSampleDerivative` by the concentration. */
export function vonMisesSampleCurvature(concentration: number, z: number): number {
  if (Number.isNaN(z) || !(concentration >= 0)) return NaN;
  const a = Math.min(Math.abs(z), Math.PI);
  const total = i0eMoment(concentration, 0);
  const mean = i0eMoment(concentration, 1) / total;
  const excess = versine(a) - mean;
  return (
    Math.sign(z) * shift(a, excess < 0, concentration, mean * mean - i0eMoment(concentration, 2) / total, excess, 1)
  );
}
