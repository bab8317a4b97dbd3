export {
  expectation,
  type DistributionRecord,
  type Drawn,
  type EstimatorOption,
  type ExpectationOptions,
} from './expectation.js';
export {elbo, elboWithLogJoint, type ElboOptions, type ElboWithLogJointOptions} from './elbo.js';
export {elboRatio, entropyShannon, type EntropyOptions} from './entropy.js';
export type {DrawOptions} from './draws.js';
export {ELBOForms, type ELBOForm} from './forms.js';
export {importanceWeightedBound} from './importanceWeightedBound.js';
export {registerPrior, type LatentsWithPriors} from './latents.js';
export type {BoundOptions} from './logWeights.js';
export * as monteCarlo from './monteCarlo.js';
export {renyiBound, type RenyiBoundOptions} from './renyiBound.js';
export {renyiAlpha, renyiRatio, type RenyiAlphaOptions} from './renyiRatio.js';
export {reweightedWakeSleep, type WakeSleep} from './reweightedWakeSleep.js';
export {sleepLoss, type Dream, type Recognised} from './sleepLoss.js';
export {
  stochasticVariable,
  type DrawVariableOptions,
  type StochasticVariable,
  type StochasticVariableOptions,
} from './stochasticVariable.js';
