/** Modified Bessel functions. */
export {i0e, i0eMoment, i1e} from './functions.js';
