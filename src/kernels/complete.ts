/** What of the kernels comes with the main entry alone: faster ones. Whoever imports the core pays for what is called. */
import {enableFastKernels} from './wasm/fastKernels.js';

enableFastKernels();
