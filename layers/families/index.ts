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
