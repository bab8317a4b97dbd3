/** What is mended of matrix products, for whatever multiplies matrices. */
import {ensure, type Mends} from './ensure.js';
import {productsWithoutElements} from './noElements.js';
import {productRanks} from './ranks/products.js';
import type {Replacement} from './replacement.js';
import {sharedWeights} from './wasm/sharedWeights.js';

const everywhere: readonly Replacement[] = [...productRanks, ...productsWithoutElements];

export const productMends: Mends = {
  gradients: [],
  kernels: {cpu: everywhere, wasm: [...sharedWeights, ...everywhere], webgl: everywhere, webgpu: everywhere},
};

// At load, as in base.ts, at whose entries they are seen to from then on.
ensure(productMends);
