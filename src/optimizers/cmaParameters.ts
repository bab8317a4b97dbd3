/** The default parameters of CMA-ES, as functions of the dimension n and the population λ. */

export interface CmaParameters {
  /** wᵢ for the candidates from best to worst; those of the first μ are positive and sum to 1. Missing ones are 0. */
  readonly weights: readonly number[];
  readonly mu: number;
  /** μ_eff, the variance effective selection mass. */
  readonly muEff: number;
  readonly c1: number;
  readonly cMu: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
}

/** λ = 4 + ⌊3 ln n⌋. */
export function defaultPopulation(n: number): number {
  return 4 + Math.floor(3 * Math.log(n));
}

/**
 * Hansen, The CMA Evolution Strategy: A Tutorial (arXiv 1604.00772, version of 2023), table 1, equations 48 to 58.
 * Without `active` the negative weights are 0.
 */
export function fullParameters(n: number, lambda: number, active: boolean): CmaParameters {
  const raw = Array.from({length: lambda}, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const mu = Math.floor(lambda / 2);
  const muEff = selectionMass(raw.slice(0, mu));
  const c1 = 2 / ((n + 1.3) ** 2 + muEff);
  const cMu = Math.min(1 - c1, (2 * (1 / 4 + muEff + 1 / muEff - 2)) / ((n + 2) ** 2 + muEff));
  const negative = active ? negativeMass(n, c1, cMu, muEff, selectionMass(raw.slice(mu))) : 0;
  const [positiveSum, negativeSum] = [weightSum(raw.filter(w => w > 0)), -weightSum(raw.filter(w => w < 0))];
  return {
    weights: raw.map(w => w * (w >= 0 ? 1 / positiveSum : negative / negativeSum)),
    mu,
    muEff,
    c1,
    cMu,
    cC: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    ...stepSize(n, muEff, 5),
  };
}

/** The size of the sum of the negative weights: the least of α_μ⁻, α_μeff⁻ and α_posdef⁻ (equations 50 to 53). */
function negativeMass(n: number, c1: number, cMu: number, muEff: number, muEffMinus: number): number {
  return Math.min(1 + c1 / cMu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cMu) / (n * cMu));
}

/**
 * Ros and Hansen 2008 (A Simple Modification in CMA-ES Achieving Linear Time and Space Complexity, table 1 and section
 * 3): the learning rate of the covariance is (n + 2)/3 times that of the full matrix, c_cov; its shares are c_cov/μ_cov
 * for the path and c_cov(1 − 1/μ_cov) for the samples, μ_cov = μ_eff.
 */
export function separableParameters(n: number, lambda: number): CmaParameters {
  const mu = Math.floor(lambda / 2);
  const raw = Array.from({length: mu}, (_, i) => Math.log(mu + 1) - Math.log(i + 1));
  const muEff = selectionMass(raw);
  const full =
    2 / (muEff * (n + Math.SQRT2) ** 2) + (1 - 1 / muEff) * Math.min(1, (2 * muEff - 1) / ((n + 2) ** 2 + muEff));
  const rate = Math.min(1, ((n + 2) / 3) * full);
  return {
    weights: raw.map(w => w / weightSum(raw)),
    mu,
    muEff,
    c1: rate / muEff,
    cMu: rate * (1 - 1 / muEff),
    cC: 4 / (n + 4),
    ...stepSize(n, muEff, 3),
  };
}

function stepSize(n: number, muEff: number, offset: number): {cSigma: number; dSigma: number} {
  const cSigma = (muEff + 2) / (n + muEff + offset);
  return {cSigma, dSigma: 1 + 2 * Math.max(0, Math.sqrt((muEff - 1) / (n + 1)) - 1) + cSigma};
}

/** (Σw)² / Σw². */
function selectionMass(weights: readonly number[]): number {
  return weightSum(weights) ** 2 / weightSum(weights.map(w => w * w));
}

function weightSum(weights: readonly number[]): number {
  return weights.reduce((a, b) => a + b, 0);
}
