/** Draws as functions of their parameters at a fixed quantile. */
export {implicit, implicitBeta, implicitGamma, implicitLogGamma, implicitStudentT} from './functions.js';
