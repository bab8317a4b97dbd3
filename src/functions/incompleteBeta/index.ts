/** The incomplete beta function and its kin. */
export {
  betainc,
  betaincc,
  betaincInv,
  betaSampleDerivativeA,
  betaSampleDerivativeB,
  logBetainc,
  logBetaincc,
} from './functions.js';
