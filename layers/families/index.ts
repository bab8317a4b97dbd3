/** The families of random layers, a function for each. */
// Models with these load in every bundle; those with others load where the function is used.
import './bernoulli.js';
import './exponential.js';
import './gumbel.js';
import './laplace.js';
import './logistic.js';
import './normal.js';
import './oneHotCategorical.js';

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
