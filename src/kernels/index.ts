import {ensureKernels, isOwnElementwise} from './ensure.js';

export {attributesOf} from './attributes.js';
export {checkGradientsRegistered} from './gradients.js';
export {valuesNow} from './memory.js';
export {disableFastKernels, enableFastKernels} from './wasm/fastKernels.js';
export {ensureKernels, isOwnElementwise};

ensureKernels();
