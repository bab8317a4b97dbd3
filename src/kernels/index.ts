import {ensureKernels} from './ensure.js';

export {attributesOf} from './attributes.js';
export {checkGradientsRegistered} from './gradients.js';
export {valuesNow} from './memory.js';
export {disableFastKernels, enableFastKernels} from './wasm/fastKernels.js';
export {isOwnElementwise} from './elementwise/register.js';
export {ensureKernels};

ensureKernels();
