export {attributesOf} from './attributes.js';
export {checkGradientsRegistered} from './putGradient.js';
export {allFiniteNow, valuesNow} from './memory.js';
export {ensureKernels} from './programs.js';
export {completeKernels} from './holes.js';
export {disableFastKernels, enableFastKernels} from './wasm/fastKernels.js';
export {isOwnElementwise} from './elementwise/register.js';
