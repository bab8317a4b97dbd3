/** What the host calls; src/simd/code.ts has the types. No data of its own lies in memory: constants are in the code. */
export {words} from './threefry';
export {exponential, gumbel, laplace, logistic, normal, uniform} from './noise';
export {product} from './products';
export {adagrad, adam, adamax, momentum, rmsProp, sgd} from './optimizers';
export {exp, softplus, sqrt, tanh} from './pointwise';
