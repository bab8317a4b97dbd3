import {gaussLegendre} from '../../src/math/gaussLegendre.js';

describe('gaussLegendre', () => {
  it('has the known nodes and weights of three points', () => {
    const {nodes, weights} = gaussLegendre(3);
    [0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)].forEach((node, i) => expect(nodes[i]).toBeCloseTo(node, 15));
    [5 / 18, 8 / 18, 5 / 18].forEach((weight, i) => expect(weights[i]).toBeCloseTo(weight, 15));
  });

  it('is exact for polynomials up to degree 2n − 1, and for no higher one', () => {
    for (const n of [1, 2, 8, 32]) {
      const {nodes, weights} = gaussLegendre(n);
      const integral = (degree: number): number => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0);
      for (let degree = 0; degree < 2 * n; degree++) expect(integral(degree)).toBeCloseTo(1 / (degree + 1), 14);
      if (n < 8) expect(Math.abs(integral(2 * n) - 1 / (2 * n + 1))).toBeGreaterThan(1e-3);
    }
  });
});
