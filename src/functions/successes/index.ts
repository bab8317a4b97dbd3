/** Masses of counts, by probabilities. */
export {
  binomialLogMassOfProbs,
  multinomialTermOfProbs,
  negativeBinomialLogMassOfProbs,
  successCurvature,
  successLogMass,
  successScore,
} from './functions.js';
