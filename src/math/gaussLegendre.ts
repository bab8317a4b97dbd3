/** Rules of numerical integration. */

/** Where an integrand is evaluated, and with what weights. */
export interface QuadratureRule {
  nodes: readonly number[];
  weights: readonly number[];
}

/** Gauss and Legendre's rule of n points for integrals from 0 to 1: exact for polynomials up to degree 2n − 1. */
export function gaussLegendre(n: number): QuadratureRule {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < n; i++) {
    let x = -Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 100; step++) {
      let [before, value] = [1, x]; // Legendre's polynomials of degree k − 1 and k
      for (let k = 1; k < n; k++) [before, value] = [value, ((2 * k + 1) * x * value - k * before) / (k + 1)];
      slope = (n * (x * value - before)) / (x * x - 1);
      x -= value / slope;
      if (Math.abs(value / slope) < 1e-16) break;
    }
    nodes.push((1 + x) / 2);
    weights.push(1 / ((1 - x * x) * slope * slope));
  }
  return {nodes, weights};
}
