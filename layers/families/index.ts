/**
 * The families of random layers, a function for each. Its file gives a family its name: what a program does not use its
 * bundle does not hold.
 */
export {bernoulli} from './bernoulli.js';
export {exponential} from './exponential.js';
export {gumbel} from './gumbel.js';
export {laplace} from './laplace.js';
export {logistic} from './logistic.js';
export {normal} from './normal.js';
export {oneHotCategorical} from './oneHotCategorical.js';
export {beta} from './beta.js';
export {categorical, type CategoricalArgs} from './categorical.js';
export {gamma} from './gamma.js';
export {mixtureLogistic} from './mixtureLogistic.js';
export {mixtureNormal} from './mixtureNormal.js';
export {mixtureOf, type MixtureOfArgs} from './mixtureOf.js';
export {multivariateNormalDiag} from './multivariateNormalDiag.js';
export {multivariateNormalTriL} from './multivariateNormalTriL.js';
export {negativeBinomial} from './negativeBinomial.js';
export {poisson} from './poisson.js';
export {relaxedBernoulli} from './relaxedBernoulli.js';
export {relaxedOneHotCategorical} from './relaxedOneHotCategorical.js';
export {studentT} from './studentT.js';
export {vonMises} from './vonMises.js';
export type {MixtureArgs} from './componentMixture.js';
export type {RelaxedArgs} from './relaxedFamily.js';
