/** Distribution functions of counts. */
export {
  binomialTails,
  geometricTails,
  negativeBinomialTails,
  poissonTails,
  type CountTails,
  type Tails,
} from './functions.js';
