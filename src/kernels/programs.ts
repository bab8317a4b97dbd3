/**
 * What a user's program may meet beside it: networks with activations, pooling, convolutions and embeddings, which the
 * graph differentiates, twice where a control variate asks for it. Whoever only draws from distributions need not have
 * these.
 */
import {askGradients} from './attributes.js';
import {baseMends} from './base.js';
import {ensure, type Mends} from './ensure.js';
import {compositeGradients} from './gradients/composite.js';
import {gatherGradients} from './gradients/gather.js';
import {rectifierGradients} from './gradients/piecewise.js';
import {prodGradients} from './gradients/products.js';
import {separableGradients} from './gradients/separable.js';
import {eluGradients} from './gradients/smooth.js';
import {spatialGradients} from './gradients/spatial.js';
import {floorDivRanks, preluRanks} from './ranks/pointwise.js';
import {productMends} from './matrixProducts.js';
import {programsWithoutElements} from './noElements.js';
import {conv3DGradients} from './wasm/conv3d.js';
import {maxPools} from './wasm/maxPool.js';
import {broadcastPrelu} from './wasm/prelu.js';
import {floatFloorDiv} from './webgl/floorDiv.js';

export const programMends: Mends = {
  gradients: [
    ...eluGradients,
    ...rectifierGradients,
    ...prodGradients,
    ...gatherGradients,
    ...spatialGradients,
    ...separableGradients,
    ...compositeGradients,
  ],
  kernels: {
    cpu: programsWithoutElements,
    wasm: [floorDivRanks, preluRanks, broadcastPrelu, ...maxPools, ...conv3DGradients, ...programsWithoutElements],
    webgl: [floatFloorDiv, floorDivRanks, preluRanks, ...programsWithoutElements],
    webgpu: [floorDivRanks, preluRanks, ...programsWithoutElements],
  },
};

/** Sees to it that all that a gradient scope may meet is in force. */
export function ensureKernels(): void {
  ensure(baseMends, productMends, programMends);
  askGradients();
}

// At load too, as in base.ts.
ensureKernels();
