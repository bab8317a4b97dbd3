/** Masses in double precision, for the tests of samples. */

const logFactorial = (n: number): number => (n < 2 ? 0 : Math.log(n) + logFactorial(n - 1));

/** The masses of 0, …, n − 2 by `mass`, and that of all values from n − 1 on. */
export function upTo(n: number, mass: (k: number) => number): number[] {
  const masses = Array.from({length: n - 1}, (_, k) => mass(k));
  return [...masses, 1 - masses.reduce((a, b) => a + b, 0)];
}

export const binomialMass =
  (n: number, p: number) =>
  (k: number): number =>
    Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k)) * p ** k * (1 - p) ** (n - k);

export const poissonMass =
  (rate: number) =>
  (k: number): number =>
    Math.exp(k * Math.log(rate) - rate - logFactorial(k));

/** For whole r. */
export const negativeBinomialMass =
  (r: number, p: number) =>
  (k: number): number =>
    Math.exp(logFactorial(k + r - 1) - logFactorial(r - 1) - logFactorial(k)) * (1 - p) ** r * p ** k;

/** Of a vector of counts. */
export const multinomialMass =
  (p: readonly number[]) =>
  (counts: readonly number[]): number =>
    Math.exp(logFactorial(counts.reduce((a, b) => a + b, 0)) - counts.reduce((sum, k) => sum + logFactorial(k), 0)) *
    counts.reduce((product, k, i) => product * p[i]! ** k, 1);
