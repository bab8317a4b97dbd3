/** Terms of divergences. */
export {
  classesKl,
  geometricKl,
  geometricKlOfLogits,
  klOfLogits,
  klOfLogWeights,
  klOfProbs,
  klTerm,
  klTermOfLogs,
  type Classes,
} from './functions.js';
