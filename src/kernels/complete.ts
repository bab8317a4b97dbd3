/**
 * What of the kernels comes with the main entry alone: what tfjs lacks that networks and programs may meet, and faster
 * forms. Whoever imports the core has what its nodes need, and may call `completeKernels`.
 */
import {completeKernels} from './holes.js';
import {enableFastKernels} from './wasm/fastKernels.js';

completeKernels();
enableFastKernels();
