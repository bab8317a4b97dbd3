/** Elementary functions that lose nothing near their zeros. */
export {
  expm1,
  expm1mx,
  log1mexp,
  log1mexpExp,
  log1p,
  log1pmx,
  logAddExp,
  logNegLog1mexp,
  safeLog,
  softplusInverse,
  xlog1py,
  xlogy,
} from './functions.js';
