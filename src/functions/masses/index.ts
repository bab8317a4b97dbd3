/** Masses of counts, by logits. */
export {
  binomialLogMass,
  binomialScore,
  binomialSlopeK,
  binomialSlopeN,
  expOfOthers,
  multinomialTerm,
  negativeBinomialLogMass,
  negativeBinomialScore,
  negativeBinomialSlopeK,
  negativeBinomialSlopeN,
  weigh,
} from './functions.js';
