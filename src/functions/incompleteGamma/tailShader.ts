/** Moments of the smaller tail of the gamma density for GPUs, as in tailScalar.ts, to float32. */
import {gaussLegendre} from '../../math/gaussLegendre.js';
import {horner, literal} from '../../kernels/elementwise/dialect.js';
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {expm1Shader, log1pShader, logShader} from '../elementary/shader.js';
import {digammaShader, factorial} from '../gamma/shader.js';
import {logMinusDigammaShader} from '../gamma/densityShader.js';
import {polygammaShader} from '../gamma/polygammaShader.js';
import {once} from '../../util/once.js';

const RULE = once(() => gaussLegendre(16));
const NEGLIGIBLE = 17;

/** Entry i of a table. */
const chain = (values: readonly number[]): string =>
  [
    ...values.slice(0, -1).map((v, i) => `if (i == ${i}) { return ${literal(v)}; }`),
    `return ${literal(values[values.length - 1]!)};`,
  ].join('\n  ');

/** Where the integrand is small enough to stop, and the integrand without its moment. */
export const integrandShader: ShaderFunction = {
  name: 'gammaDecay',
  uses: [log1pShader],
  source: () => `
fn gammaByTerms(a: f32, x: f32) -> bool { return x <= a + 0.5 && a < 10.0; }
fn gammaHypotenuse(p: f32, q: f32) -> f32 {
  let most: f32 = max(p, q);
  let r: f32 = min(p, q) / most;
  return most * sqrt(1.0 + r * r);
}
fn gammaUpperEnd(a: f32, x: f32) -> f32 {
  let c: f32 = max(x - a, 0.0);
  var v: f32 = ${2 * NEGLIGIBLE}.0 / (c + gammaHypotenuse(c, sqrt(${2 * NEGLIGIBLE}.0 * x)));
  for (var i: i32 = 0; i < 3; i = i + 1) { v = min(v, log1p((${NEGLIGIBLE}.0 + a * v) / x)); }
  return v;
}
fn gammaLowerEnd(a: f32, x: f32) -> f32 {
  let c: f32 = max(a - x, 0.0);
  let near: f32 = ${2 * NEGLIGIBLE}.0 / (c + gammaHypotenuse(c, sqrt(${literal((4 / 3) * NEGLIGIBLE)} * x)));
  if (near <= 1.0) { return near; }
  return (${NEGLIGIBLE}.0 + x) / a;
}
fn gammaNode(i: i32) -> f32 {
  ${chain(RULE().nodes)}
}
fn gammaWeight(i: i32) -> f32 {
  ${chain(RULE().weights)}
}
fn gammaDecay(a: f32, x: f32, v: f32) -> f32 {
  var convex: f32 = exp(v) - 1.0 - v;
  if (abs(v) < 0.7) { convex = v * v * ${horner(
    'v',
    [2, 3, 4, 5, 6, 7, 8, 9, 10].map(k => 1 / factorial(k)),
  )}; }
  return exp((a - x) * v - x * convex);
}`,
};

/**
 * Sums whose quotients by the first are means of 1, v, v² and x (e^v − 1) over the smaller tail, t = x e^v; below the
 * border for small a their counterparts from the series, whose derivatives by a the second and the third are.
 */
const MOMENTS = {
  0: ['1.0', 's0'],
  1: ['v', 's1'],
  2: ['v * v', 's2'],
  X: ['x * expm1(v)', 'a * (s0 - 1.0) - x * s0'],
} as const;

function momentShader(name: keyof typeof MOMENTS): ShaderFunction {
  const [moment, sums] = MOMENTS[name];
  return {
    name: `gammaTail${name}`,
    uses: [integrandShader, expm1Shader],
    source: () => `
fn gammaTail${name}(a: f32, x: f32) -> f32 {
  if (gammaByTerms(a, x)) {
    var term: f32 = 1.0;
    var s0: f32 = 1.0;
    var s1: f32 = 0.0;
    var s2: f32 = 0.0;
    var h1: f32 = 0.0;
    var h2: f32 = 0.0;
    for (var k: i32 = 1; k < 80; k = k + 1) {
      let r: f32 = 1.0 / (a + f32(k));
      term = term * (x * r);
      s0 = s0 + term;
      h1 = h1 + r;
      h2 = h2 + r * r;
      s1 = s1 - term * h1;
      s2 = s2 + term * (h1 * h1 + h2);
      if (term < 1e-8 * s0) { break; }
    }
    return ${sums};
  }
  var end: f32 = 0.0;
  if (x <= a + 0.5) { end = -gammaLowerEnd(a, x); } else { end = gammaUpperEnd(a, x); }
  var sum: f32 = 0.0;
  for (var i: i32 = 0; i < ${RULE().nodes.length}; i = i + 1) {
    let v: f32 = end * gammaNode(i);
    sum = sum + gammaWeight(i) * gammaDecay(a, x, v) * (${moment});
  }
  return abs(end) * sum;
}`,
  };
}

export const tail0Shader = momentShader(0);
export const tail1Shader = momentShader(1);
export const tail2Shader = momentShader(2);
export const tailXShader = momentShader('X');

/**
 * The derivatives of the smaller tail by a, without its scale: with t₀, t₁, t₂ and l = ln x − ψ(a), l t₀ + t₁ and (l² −
 * ψ'(a)) t₀ + 2 l t₁ + t₂.
 */
export const shapeShader: ShaderFunction = {
  name: 'gammaShape2',
  uses: [tail0Shader, tail1Shader, tail2Shader, digammaShader, polygammaShader, logShader, logMinusDigammaShader],
  source: () => `
fn gammaShape1(a: f32, x: f32) -> f32 {
  var l: f32 = 0.0;
  if (a < 1.0 || gammaByTerms(a, x)) {
    l = safeLog(x) - digamma(a + 1.0);
    if (!gammaByTerms(a, x)) { l = l + 1.0 / a; }
  } else {
    l = logMinusDigamma(x, a);
  }
  return l * gammaTail0(a, x) + gammaTail1(a, x);
}
fn gammaShape2(a: f32, x: f32) -> f32 {
  var l: f32 = 0.0;
  var square: f32 = 0.0;
  if (a < 1.0 || gammaByTerms(a, x)) {
    l = safeLog(x) - digamma(a + 1.0);
    square = l * l;
    if (!gammaByTerms(a, x)) { // the square of 1/a is in both l² and ψ'(a)
      square = square + 2.0 * l / a;
      l = l + 1.0 / a;
    }
    square = square - polygamma(1.0, a + 1.0);
  } else {
    l = logMinusDigamma(x, a);
    square = l * l - polygamma(1.0, a);
  }
  return square * gammaTail0(a, x) + 2.0 * l * gammaTail1(a, x) + gammaTail2(a, x);
}`,
};
