/** Divergences and entropies of gamma variables and what is made of them. */
export {
  betaKl,
  dirichletKlTerm,
  gammaEntropy,
  gammaKl,
  gammaKlBalance,
  gammaKlBalanceOfLogs,
  gammaKlOfLogs,
  studentTEntropy,
  type Totals,
} from './functions.js';
