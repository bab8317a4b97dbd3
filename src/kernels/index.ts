export {checkGradientsRegistered, ensureGradients} from './gradients.js';
export {disableFastKernels, enableFastKernels} from './wasm/fastKernels.js';
