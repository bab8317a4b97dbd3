/**
 * Special functions and linear algebra that tfjs lacks, `st.math`: on numbers, arrays and tensors of any shape,
 * broadcast against each other, on every backend; double precision rounded once on cpu and wasm, float32 on GPUs.
 * Differentiable at least twice wherever the derivative exists. Out of a function's domain the value is NaN, and so it
 * is for NaN.
 */
export type {MathInput} from '../kernels/elementwise/apply.js';
export {expm1, log1mexp, log1p, logAddExp, softplusInverse, xlog1py, xlogy} from './elementary/index.js';
export {erf, erfc, erfcx, erfinv, logNdtr, ndtr, ndtri} from './normal/index.js';
export {digamma, lbeta, lgamma, polygamma} from './gamma/index.js';
export {igamma, igammac, igammacInv, igammaInv, logIgamma, logIgammac} from './incompleteGamma/index.js';
export {betainc, betaincc, betaincInv, logBetainc, logBetaincc} from './incompleteBeta/index.js';
export {i0e, i1e} from './bessel/index.js';
export {cholesky, logDet, triangularSolve, type TriangularSolveOptions} from '../kernels/linalg/functions.js';
