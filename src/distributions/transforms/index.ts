/** All bijectors, one line a file. */
export {Bijector} from './bijector.js';
export {Affine, Scale, Shift, type AffineConfig} from './affine.js';
export {Chain, Invert} from './chain.js';
export {Exp} from './exp.js';
export {FillScaleTriL, type FillScaleTriLConfig} from './fillScaleTriL.js';
export {Sigmoid} from './sigmoid.js';
export {SoftmaxCentered} from './softmaxCentered.js';
export {Softplus} from './softplus.js';
export {Tanh} from './tanh.js';
