/** What the von Mises distribution has beside its density and its cdf, for GPUs: src/functions/circular/scalar.ts. */
import {RULE} from '../vonMises/scalar.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {i0eMomentShader} from '../bessel/shader.js';
import {vonMisesCdfShader, vonMisesDensityShader} from '../vonMises/shader.js';

const PI = Math.fround(Math.PI);

export const vonMisesKlShader: ShaderFunction = {
  name: 'vonMisesKl',
  uses: [i0eMomentShader],
  source: () => `
fn versineVariance(kappa: f32) -> f32 {
  let total: f32 = i0eMoment(kappa, 0.0);
  let mean: f32 = i0eMoment(kappa, 1.0) / total;
  return i0eMoment(kappa, 2.0) / total - mean * mean;
}
fn vonMisesKl(a: f32, b: f32) -> f32 {
  let d: f32 = b - a;
  if (abs(d) > 0.2 * max(a, 1.0)) {
    let total: f32 = i0eMoment(a, 0.0);
    return d * (i0eMoment(a, 1.0) / total) + log(i0eMoment(b, 0.0) / total);
  }
  var sum: f32 = 0.0;
${RULE()
  .filter((_, i) => i < 4)
  .map((_, i) => [RULE()[i]!, RULE()[7 - i]!])
  .flat()
  .map(({node, weight}) => `  sum = sum + ${weight * (1 - node)} * versineVariance(a + ${node} * d);`)
  .join('\n')}
  return d * d * sum;
}`,
};

export const vonMisesQuantileShader: ShaderFunction = {
  name: 'vonMisesQuantile',
  uses: [vonMisesCdfShader, vonMisesDensityShader],
  source: () => `
fn vonMisesQuantile(p: f32, kappa: f32) -> f32 {
  if (!(p >= 0.0 && p <= 1.0) || !(kappa >= 0.0)) { return NAN; }
  let side: f32 = select(-1.0, 1.0, p > 0.5);
  let tail: f32 = select(p, 1.0 - p, p > 0.5);
  if (tail == 0.0) { return side * ${PI}; }
  if (tail == 0.5) { return 0.0; }
  var low: f32 = ${-PI};
  var high: f32 = 0.0;
  var z: f32 = max(${-PI} * (1.0 - 2.0 * tail), -sqrt(-2.0 * log(2.0 * tail) / max(kappa, 1e-6)));
  for (var i: i32 = 0; i < 40; i = i + 1) {
    let lower: f32 = vonMisesCdf(z, kappa);
    if (lower < tail) { low = z; } else { high = z; }
    var next: f32 = 0.5 * (low + high);
    if (lower > 0.0) {
      let newton: f32 = z - log(lower / tail) * lower / vonMisesDensity(z, kappa);
      if (newton > low && newton < high) { next = newton; }
    }
    let step: f32 = abs(next - z);
    z = next;
    if (step <= 2e-7 * abs(z)) { break; }
  }
  return -side * z;
}`,
};
